"""Headers as Python's email parser reads them: a line of base64 in, a line of JSON with the names out."""
import base64
import email
import email.policy
import json
import sys

for line in sys.stdin:
    content = base64.b64decode(line)
    names = []
    for policy in (email.policy.compat32, email.policy.default):
        message = email.message_from_bytes(content, policy=policy)
        names.append([name.lower() for name, _ in message.raw_items()])
    print(json.dumps(names), flush=True)
