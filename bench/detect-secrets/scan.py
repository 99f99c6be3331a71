"""Reads a JSON list of texts, scans each as a file of its own as detect-secrets comes, and writes whether it found a secret."""

import json
import os
import sys
import tempfile

from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings


def holds_secret(text, path):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    secrets = SecretsCollection()
    secrets.scan_file(path)
    return any(True for _ in secrets)


with tempfile.TemporaryDirectory() as folder, default_settings():
    path = os.path.join(folder, "value.txt")
    json.dump([holds_secret(text, path) for text in json.load(sys.stdin)], sys.stdout)
