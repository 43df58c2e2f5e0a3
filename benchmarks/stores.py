"""An S3 server of this machine that answers as late as one far away."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server


@contextmanager
def s3_server(latency: float) -> Iterator[str]:
    """Serve S3 while the context lasts; yields the address of a bucket.

    Each answer begins ``latency`` seconds after its question. Processes that are started meanwhile
    find server and login in their environment.
    """
    served = DomainDispatcherApplication(create_backend_app)

    def late(environ: Any, start_response: Any) -> Any:
        time.sleep(latency)
        return served(environ, start_response)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, late, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    told = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "kinbote",
        "AWS_SECRET_ACCESS_KEY": "kinbote",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    try:
        with mock.patch.dict(os.environ, told):
            boto3.client("s3").create_bucket(Bucket="zembla")
            yield "s3://zembla"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
