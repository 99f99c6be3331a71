"""Loads moto once and forks a server of it for each who asks: loading takes longer than many a test."""

import functools
import gc
import importlib
import json
import os
import signal
import socket
import threading
import urllib.parse

SERVICES = "autoscaling awslambda cloudformation cloudtrail dynamodb ec2 events iam kms logs s3 secretsmanager sns sqs ssm sts".split()


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
    werkzeug_app = importlib.import_module("moto.moto_server.werkzeug_app")
    # what answers for a service knows nothing of what was asked before, so each server can take what was made here
    werkzeug_app.create_backend_app = functools.cache(werkzeug_app.create_backend_app)
    importlib.import_module("moto.server")
    for service in SERVICES:
        importlib.import_module(f"moto.{service}.urls")
    try_out(werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app))
    gc.collect()
    gc.freeze()


def try_out(application):
    """Has each service answer once, which makes it read its model, and takes back what came of it."""
    from werkzeug.test import Client

    client = Client(application)

    def ask(service, target="", version="", **parameters):
        credential = f"Credential=redress/20200101/us-east-1/{service}/aws4_request"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=none"}
        if version:
            client.post("/", data=urllib.parse.urlencode({**parameters, "Version": version}), headers={**headers, **FORM})
        else:
            client.post("/", data=json.dumps(parameters), headers={**headers, "X-Amz-Target": target, **JSON})

    for question in QUESTIONS:
        ask(**question)
    client.post("/moto-api/reset")


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/x-amz-json-1.1"}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "redress", "AssumeRolePolicyDocument": "{}"}}
CODE = {"Code": {"ZipFile": "none"}, "Handler": "index.handler", "Runtime": "nodejs24.x", "Role": {"Fn::GetAtt": ["Role", "Arn"]}}
KEY = {"AttributeName": "pk", "AttributeType": "S"}
TABLE = {
    "TableName": "redress",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [KEY],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
}
TARGET = {
    "Id": "redress",
    "Arn": {"Fn::GetAtt": ["Queue", "Arn"]},
    "InputTransformer": {"InputPathsMap": {"event": "$", "id": "$.id"}, "InputTemplate": "<event>"},
}
STACK = {
    "Role": ROLE,
    "Function": {"Type": "AWS::Lambda::Function", "Properties": CODE},
    "Table": {"Type": "AWS::DynamoDB::Table", "Properties": TABLE},
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "redress"}},
    "Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["redress"]}, "Targets": [TARGET]}},
    "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}}},
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
    "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "redress"}},
}
ITEM = {"pk": {"S": "redress"}}
UPDATE = {
    "UpdateExpression": "SET #a = :a",
    "ConditionExpression": "attribute_not_exists(#a)",
    "ExpressionAttributeNames": {"#a": "a"},
    "ExpressionAttributeValues": {":a": {"S": "a"}},
}
QUESTIONS = [
    {
        "service": "cloudformation",
        "version": "2010-05-15",
        "Action": "CreateStack",
        "StackName": "redress",
        "TemplateBody": json.dumps({"Resources": STACK}),
    },
    {"service": "cloudformation", "version": "2010-05-15", "Action": "DescribeStacks"},
    {"service": "ec2", "version": "2016-11-15", "Action": "DescribeVolumes"},
    {"service": "ec2", "version": "2016-11-15", "Action": "RunInstances", "ImageId": "ami-12c6146b", "MinCount": "1", "MaxCount": "1"},
    {"service": "iam", "version": "2010-05-08", "Action": "ListRoles"},
    {"service": "sts", "version": "2011-06-15", "Action": "GetCallerIdentity"},
    {"service": "sns", "version": "2010-03-31", "Action": "ListTopics"},
    {"service": "autoscaling", "version": "2011-01-01", "Action": "DescribeAutoScalingGroups"},
    {"service": "dynamodb", "target": "DynamoDB_20120810.UpdateItem", "TableName": "redress", "Key": ITEM, **UPDATE},
    {"service": "dynamodb", "target": "DynamoDB_20120810.GetItem", "TableName": "redress", "Key": ITEM},
    {"service": "sqs", "target": "AmazonSQS.SendMessage", "QueueUrl": "http://localhost/123456789012/redress", "MessageBody": "redress"},
    {"service": "sqs", "target": "AmazonSQS.ReceiveMessage", "QueueUrl": "http://localhost/123456789012/redress"},
    {"service": "events", "target": "AWSEvents.PutEvents", "Entries": [{"Source": "redress", "DetailType": "redress", "Detail": "{}"}]},
    {"service": "ssm", "target": "AmazonSSM.DescribeParameters"},
    {"service": "kms", "target": "TrentService.ListKeys"},
    {"service": "logs", "target": "Logs_20140328.DescribeLogGroups"},
    {"service": "cloudtrail", "target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.DescribeTrails"},
]
