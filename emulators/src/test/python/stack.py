"""Creates the stack of a SAM template in an emulator that cannot run its functions, and prints the ids of its resources as JSON."""
import json
import subprocess
import sys
import time

import boto3
from botocore.config import Config

endpoint, template_file, translated_by = sys.argv[1:4]
template = json.loads(subprocess.run([sys.executable, translated_by, template_file], check=True, stdout=subprocess.PIPE).stdout)
# What needs a running function is left to the test: it polls the queues and applies the schema. In a function's place stands something with a name
# and an ARN, so that everything that refers to it stays as it is.
NEEDS_FUNCTIONS = (
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "Custom::DeployGuardSchema",
    "Custom::DeployGuardSettings",
)
STAND_INS = {
    "AWS::Lambda::Function": lambda name: {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/stands-in-for/" + name}},
    # Of an alias, Ref is the ARN.
    "AWS::Lambda::Alias": lambda name: {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "stands-in-for-" + name}},
}
template["Resources"] = {
    name: STAND_INS[resource["Type"]](name)
    if resource["Type"] in STAND_INS
    else {key: value for key, value in resource.items() if key != "DependsOn"}
    for name, resource in template["Resources"].items()
    if resource["Type"] not in NEEDS_FUNCTIONS
}
secret = boto3.client("secretsmanager", endpoint_url=endpoint).create_secret(Name="database", SecretString="postgres://unused")
# As sam deploy does it: the template is larger than what a request to CloudFormation may carry.
s3 = boto3.client("s3", endpoint_url=endpoint, config=Config(s3={"addressing_style": "path"}))
s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
s3.put_object(Bucket="templates", Key="deploy-guard.json", Body=json.dumps(template))
cloudformation = boto3.client("cloudformation", endpoint_url=endpoint)
cloudformation.create_stack(
    StackName="deploy-guard",
    TemplateURL=f"{endpoint}/templates/deploy-guard.json",
    Parameters=[{"ParameterKey": "DatabaseUrlSecret", "ParameterValue": secret["ARN"]}],
    Capabilities=["CAPABILITY_IAM"],
)
while True:
    stack = cloudformation.describe_stacks(StackName="deploy-guard")["Stacks"][0]
    if not stack["StackStatus"].endswith("IN_PROGRESS"):
        break
    time.sleep(0.5)
if stack["StackStatus"] != "CREATE_COMPLETE":
    reasons = [
        event["LogicalResourceId"] + ": " + event.get("ResourceStatusReason", "")
        for event in cloudformation.describe_stack_events(StackName="deploy-guard")["StackEvents"]
        if event["ResourceStatus"].endswith("FAILED")
    ]
    sys.exit(f"{stack['StackStatus']}: {reasons}")
resources = cloudformation.describe_stack_resources(StackName="deploy-guard")["StackResources"]
json.dump({resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}, sys.stdout)
