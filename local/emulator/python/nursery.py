"""Loads moto once and forks a server of it for each who asks: loading takes longer than many a test."""

import gc
import importlib
import os
import signal
import socket
import threading

SERVICES = "autoscaling awslambda cloudformation dynamodb ec2 events iam kms logs s3 secretsmanager sns sqs ssm sts".split()


def serve(path):
    """Answers each connection to the socket at `path` with a server on the port that it names; returns in the child alone.

    The connection is the child's stderr, and the child ends with it.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    load()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            break
        connection.close()
    listener.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked = connection.makefile()
    os.environ["MOTO_PORT"] = asked.readline().strip()
    os.dup2(connection.fileno(), 2)

    def end_with_it():
        asked.read()
        os._exit(0)

    threading.Thread(target=end_with_it, daemon=True).start()


def load():
    importlib.import_module("moto.server")
    for service in SERVICES:
        importlib.import_module(f"moto.{service}.urls")
    gc.collect()
    gc.freeze()
