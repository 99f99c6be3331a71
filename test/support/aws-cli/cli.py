"""
The AWS CLI that pip installs, loaded once: `cli.py SOCKET` serves, and `cli.py SOCKET ARGUMENT...` has a copy of the server run one
command. With AWS_CLI_CALLS a command sends nothing: it checks each call against AWS's model and notes it in that file.
"""

import json
import os
import socket
import sys
import traceback

TAGS = [{"Key": "aws:backup:x", "Value": "y"}, {"Key": "redress:copy-of", "Value": "z"}, {"Key": "team", "Value": "shop"}]
ANSWERS = {
    "CreateSnapshot": {"SnapshotId": "snap-0"},
    "CopySnapshot": {"SnapshotId": "snap-0"},
    "CreateVolume": {"VolumeId": "vol-0"},
    "DescribeVolumes": {"Volumes": [{"Tags": TAGS}]},
    "DescribeSnapshots": {"Snapshots": [{"Tags": TAGS}]},
    "DescribeParameters": {"Parameters": [{"Description": "what it is for", "AllowedPattern": ".*"}]},
}


def ask(path, arguments):
    """Hands a command to the server, with what it reads and writes, and ends as it does."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        asked = json.dumps({"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}).encode()
        socket.send_fds(connection, [len(asked).to_bytes(4, "big")], [0, 1, 2])
        connection.sendall(asked)
        return int(connection.recv(4) or b"1")


def serve(path):
    """Runs each command in a copy of this process, side by side, until the server is killed."""
    import signal

    import awscli.clidriver

    driver = awscli.clidriver.create_clidriver()
    # what every command would read again
    for service in ("ec2", "ssm"):
        driver.session.get_service_model(service)
        driver.session.get_waiter_model(service)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        print("ready", flush=True)
        while True:
            connection, _ = server.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                server.close()
                answer(connection, driver)
            connection.close()


def answer(connection, driver):
    """Runs one command with the environment and the files of who asked; never returns."""
    code = 1
    try:
        length, files, _, _ = socket.recv_fds(connection, 4, 3)
        asked = connection.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL)
        for number, file in enumerate(files):
            os.dup2(file, number)
        wanted = json.loads(asked)
        os.environ.clear()
        os.environ.update(wanted["environment"])
        os.chdir(wanted["folder"])
        code = run(driver, wanted["arguments"])
    except BaseException:  # noqa: BLE001: a copy of the server must end, whatever happens
        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    connection.sendall(str(code).encode())
    os._exit(0)


def run(driver, arguments):
    # later versions of the CLI carry it, and bring it in under this name
    import botocore.client
    import botocore.validate
    import botocore.waiter

    noted = os.environ.get("AWS_CLI_CALLS")

    def call(self, operation, parameters):
        shape = self.meta.service_model.operation_model(operation).input_shape
        if shape is not None:
            report = botocore.validate.ParamValidator().validate(parameters, shape)
            if report.has_errors():
                raise ValueError(report.generate_report())
        with open(noted, "a", encoding="utf-8") as file:
            file.write(json.dumps({"operation": operation, "parameters": parameters}, default=str) + "\n")
        return ANSWERS.get(operation, {})

    if noted:
        botocore.client.BaseClient._make_api_call = call
        botocore.waiter.Waiter.wait = lambda self, **parameters: self._operation_method(**parameters)
    try:
        return driver.main(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1


if __name__ == "__main__":
    path, *command = sys.argv[1:]
    sys.exit(ask(path, command) if command else serve(path))
