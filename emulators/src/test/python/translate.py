"""Translates a SAM template as CloudFormation does, offline, and prints the result as JSON."""
import json
import sys

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

with open(sys.argv[1], encoding="utf-8") as source:
    template = yaml_parse(source)
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::Function":
        # What `sam package` does: by then the jar lies in a bucket.
        resource["Properties"]["CodeUri"] = "s3://packaged/" + resource["Properties"]["CodeUri"]
# The template names no managed policies by their short names, so the map of these, which would be asked from IAM, is empty.
translator = Translator({}, Parser(), boto_session=boto3.session.Session())
json.dump(translator.translate(template, parameter_values={}), sys.stdout)
