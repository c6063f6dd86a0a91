#!/bin/sh
# Any MQTT client is a device: readings and commands with mosquitto's clients and an enrolled device's certificate.
#   sh publish.sh FOLDER [HOST] [PORT]
# FOLDER holds device.pem (key and certificate) and authority.pem, as the device client's enrolment writes them.
set -eu
folder=$1 host=${2:-localhost} port=${3:-8883}
set -- -h "$host" -p "$port" -V mqttv311 --cafile "$folder/authority.pem" --cert "$folder/device.pem" --key "$folder/device.pem"

# A number with its unit, a state and a switch; the platform's time, since none is given. QoS 1: it returns when stored.
mosquitto_pub "$@" -q 1 -t mw/v1/telemetry \
  -m '{"values":{"temperature":21.5,"mode":"auto","door_open":false},"units":{"temperature":"Cel"}}'

# A batch with times of its own.
mosquitto_pub "$@" -q 1 -t mw/v1/telemetry -m "[
  {\"time\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"values\":{\"temperature\":21.6}},
  {\"time\":$(date +%s)000000,\"values\":{\"humidity\":48}}]"

# SenML (RFC 8428).
mosquitto_pub "$@" -q 1 -t mw/v1/telemetry/senml-json -m '[{"n":"pressure","u":"Pa","v":101325}]'

echo 'Sent and stored. Waiting for commands (Ctrl-C ends):'
mosquitto_sub "$@" -q 1 -t 'mw/v1/commands/+' -v
