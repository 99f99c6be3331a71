"""The AWS CLI that pip installs. With AWS_CLI_CALLS it sends nothing: it checks each call against AWS's model and notes it in that file."""

import json
import os
import sys

import awscli.clidriver

# later versions of the CLI carry it, and bring it in under this name
import botocore.client
import botocore.validate
import botocore.waiter

noted = os.environ.get("AWS_CLI_CALLS")
tags = [{"Key": "aws:backup:x", "Value": "y"}, {"Key": "redress:copy-of", "Value": "z"}, {"Key": "team", "Value": "shop"}]
answers = {
    "CreateSnapshot": {"SnapshotId": "snap-0"},
    "CopySnapshot": {"SnapshotId": "snap-0"},
    "CreateVolume": {"VolumeId": "vol-0"},
    "DescribeVolumes": {"Volumes": [{"Tags": tags}]},
    "DescribeSnapshots": {"Snapshots": [{"Tags": tags}]},
    "DescribeParameters": {"Parameters": [{"Description": "what it is for", "AllowedPattern": ".*"}]},
}


def call(self, operation, parameters):
    shape = self.meta.service_model.operation_model(operation).input_shape
    if shape is not None:
        report = botocore.validate.ParamValidator().validate(parameters, shape)
        if report.has_errors():
            raise ValueError(report.generate_report())
    with open(noted, "a", encoding="utf-8") as file:
        file.write(json.dumps({"operation": operation, "parameters": parameters}, default=str) + "\n")
    return answers.get(operation, {})


def wait(self, **parameters):
    self._operation_method(**parameters)


if noted:
    botocore.client.BaseClient._make_api_call = call
    botocore.waiter.Waiter.wait = wait
sys.exit(awscli.clidriver.main())
