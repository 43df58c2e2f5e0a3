"""A workflow of GitHub Actions that runs what is due, keeps the history, and publishes it."""

from __future__ import annotations

from sanctuary.units import Installed, minute_of


def workflow(command: Installed) -> str:
    """Return a workflow for a repository that holds this project and a ``sources.yml``.

    The history lives on a branch of its own, of one commit that each run replaces, so that the
    repository does not grow by a database an hour.
    """
    return _WORKFLOW.replace("MINUTE", str(minute_of(command)))


_WORKFLOW = """\
# Sanctuary Tracker: save this as .github/workflows/sanctuary.yml in a copy of the project that
# holds your sources.yml. The history is kept on the branch `history`; clone that to look at it.
# What is in a public repository is public, rows about individuals among it: the setting
# individual_rows says what the data package has of them, the history has them all.
#
# The branch `pages` has the data package of the week, and a page that leads to its files. Choose
# it in the settings of the repository under Pages, and GitHub shows it.
#
# GitHub switches off the schedule of a repository in which nothing happened for 60 days, and runs
# come late or not at all when it is busy. Only somebody outside can notice that: give the secret
# SANCTUARY_PING the address of a dead-man's switch, a service that expects to be called each hour
# and writes to you when it was not. GitHub takes no file above 100 MB: before tracker.db is as
# large as that, move to a machine of your own.
#
# It uses no action: git and gh, which GitHub's machines have, are all it needs.
name: Sanctuary Tracker

on:
  schedule:
    # Not at the full hour, at which everybody comes.
    - cron: "MINUTE * * * *"
  workflow_dispatch:

permissions: {}

# One at a time; one that is under way is let finish.
concurrency:
  group: sanctuary
  cancel-in-progress: false

jobs:
  run:
    name: Fetch what is due
    runs-on: ubuntu-24.04
    timeout-minutes: 55
    permissions:
      contents: write # to keep the branches `history` and `pages`
    env:
      SANCTUARY_DATA: data
    steps:
      - name: Fetch the project
        env:
          GH_TOKEN: ${{ github.token }}
        run: |
          gh auth setup-git
          git clone --quiet --depth=1 --branch "$GITHUB_REF_NAME" \\
            "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" .

      - name: Install
        run: |
          python3 -m venv "$RUNNER_TEMP/sanctuary"
          pip="$RUNNER_TEMP/sanctuary/bin/pip"
          "$pip" install --quiet --require-hashes --requirement requirements-run.lock
          "$pip" install --quiet --no-deps --no-build-isolation .
          echo "$RUNNER_TEMP/sanctuary/bin" >> "$GITHUB_PATH"

      - name: Fetch the history
        id: history
        env:
          GH_TOKEN: ${{ github.token }}
        run: |
          # 2: there is no such branch yet. Anything else is no reason to begin a new history.
          found=0
          git ls-remote --exit-code --heads origin history || found=$?
          case $found in
            0)
              git fetch --depth=1 origin history
              git worktree add --detach data FETCH_HEAD
              echo "before=$(git rev-parse FETCH_HEAD)" >> "$GITHUB_OUTPUT"
              ;;
            2)
              git worktree add --detach --no-checkout data
              git -C data read-tree --empty
              ;;
            *) exit "$found" ;;
          esac

      - name: Fetch what is due
        timeout-minutes: 45
        # Addresses and keys that sources.yml names by variable stand here, each as
        # NAME: ${{ secrets.NAME }}, below `env:`
        run: |
          # 3: something is held for review; `sanctuary status` says what.
          sanctuary --sources sources.yml run --due || [ $? -eq 3 ]

      - name: Make the data package of the week
        # Also where a publisher did not answer: one that never does would be in the way of all.
        if: ${{ !cancelled() && steps.history.outcome == 'success' }}
        run: |
          week="$(date --utc +%G-W%V)"
          if [ ! -e "data/releases/$week" ]; then
            sanctuary --sources sources.yml release "$week"
          fi

      - name: Keep the history
        if: ${{ !cancelled() && steps.history.outcome == 'success' }}
        env:
          GH_TOKEN: ${{ github.token }}
          BEFORE: ${{ steps.history.outputs.before }}
        run: |
          cd data
          # What is withheld is for nobody but the operator; the rest is made anew.
          git add --all -- . ':!withheld' ':!renders' ':!.*lock*' ':!*-shm' ':!*.part-*' \\
            ':!*.before-*'
          export GIT_AUTHOR_NAME=sanctuary GIT_AUTHOR_EMAIL=sanctuary@localhost
          export GIT_COMMITTER_NAME=sanctuary GIT_COMMITTER_EMAIL=sanctuary@localhost
          commit=$(git commit-tree -m "The history" "$(git write-tree)")
          git push --force-with-lease="history:$BEFORE" origin "$commit:refs/heads/history"

      - name: Publish the data package
        if: ${{ !cancelled() && steps.history.outcome == 'success' }}
        env:
          GH_TOKEN: ${{ github.token }}
        run: |
          if [ ! -d data/releases ]; then exit 0; fi
          cd data/releases
          week="$(find . -maxdepth 1 -type d -name '????-W??' -printf '%P\\n' | sort | tail -n 1)"
          if [ -z "$week" ]; then exit 0; fi
          cd "$week"
          {
            echo '<!doctype html><html lang="en"><meta charset="utf-8">'
            echo "<title>Sanctuary Tracker: $week</title><h1>Data package $week</h1><ul>"
            { echo "$week.zip"; find . -type f -printf '%P\\n' | sort; } | while read -r file; do
              printf '<li><a href="%s">%s</a></li>\\n' "$file" "$file"
            done
            echo '</ul></html>'
          } > "$RUNNER_TEMP/index.html"
          export GIT_INDEX_FILE="$RUNNER_TEMP/pages"
          export GIT_AUTHOR_NAME=sanctuary GIT_AUTHOR_EMAIL=sanctuary@localhost
          export GIT_COMMITTER_NAME=sanctuary GIT_COMMITTER_EMAIL=sanctuary@localhost
          git --work-tree=. add --all --force -- .
          page="$(git hash-object -w "$RUNNER_TEMP/index.html")"
          zip="$(git hash-object -w "../$week.zip")"
          # Without .nojekyll GitHub would take texts of the data for templates.
          empty="$(git hash-object -w /dev/null)"
          git update-index --add --cacheinfo "100644,$page,index.html"
          git update-index --add --cacheinfo "100644,$zip,$week.zip"
          git update-index --add --cacheinfo "100644,$empty,.nojekyll"
          # The same package is the same commit: nothing is sent of one that is there already.
          created="$(sed -n 's/^ "created": "\\(.*\\)",$/\\1/p' datapackage.json)"
          export GIT_AUTHOR_DATE="$created" GIT_COMMITTER_DATE="$created"
          commit=$(git commit-tree -m "Data package $week" "$(git write-tree)")
          git push --force origin "$commit:refs/heads/pages"

      - name: See that no source has gone dark
        if: ${{ !cancelled() && steps.history.outcome == 'success' }}
        run: sanctuary --sources sources.yml status --check

      - name: Call the dead-man's switch
        env:
          PING: ${{ secrets.SANCTUARY_PING }}
        run: |
          if [ -n "$PING" ]; then
            curl --fail --silent --show-error --max-time 10 --retry 3 --output /dev/null "$PING"
          fi
"""
