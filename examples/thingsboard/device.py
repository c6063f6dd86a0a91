#!/usr/bin/env python3
"""A device written for ThingsBoard's MQTT API: only host, port and token are Millwright's.

    python3 device.py TOKEN authority.pem [HOST] [PORT]

TOKEN is the device's access token (console: Devices > the device > Access token). authority.pem is the platform's
certificate authority: curl -ks https://HOST:8080/api/v1/info | python3 -c 'import json,sys;print(json.load(sys.stdin)["authority"])'
Uses mosquitto_pub, so that Python needs no packages.
"""
import json
import math
import subprocess
import sys
import time

token, authority = sys.argv[1:3]
host = sys.argv[3] if len(sys.argv) > 3 else "localhost"
port = sys.argv[4] if len(sys.argv) > 4 else "8883"


def publish(topic, message):
    subprocess.run(
        ["mosquitto_pub", "-h", host, "-p", port, "-V", "mqttv311", "--cafile", authority, "-u", token,
         "-q", "1", "-t", topic, "-m", json.dumps(message)],
        check=True,
    )


publish("v1/devices/me/attributes", {"firmware": "1.4.2", "model": "TH-20"})
for _ in range(int(sys.argv[5]) if len(sys.argv) > 5 else 60):
    now = time.time()
    publish("v1/devices/me/telemetry", {"temperature": round(21 + math.sin(now / 60), 2), "humidity": 48})
    publish("v1/devices/me/telemetry", {"ts": int(now * 1000), "values": {"battery": 87}})
    time.sleep(1)
