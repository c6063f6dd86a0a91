import type { PlatformInfo } from '../../api/types.ts'

/** Commands to copy onto a device. Words of a shell are the same in every language. */
const host = (info: PlatformInfo) => info.mqtt.host
const sample = `'{"values":{"temperature":21.5}}'`

export const enrolCommand = (info: PlatformInfo, token: string): string =>
  `millwright enroll --url ${info.publicUrl} --token ${token} --out ./identity`

/** On a gateway, where Millwright stands. */
export const enrolAgentCommand = (info: PlatformInfo, token: string): string =>
  `npm run edge -- --url ${info.publicUrl} --token ${token}`

/** A unit of systemd for an agent that has its identity. */
export const AGENT_SERVICE = 'sudo npm run edge -- install-service'

export const certificatePublish = (info: PlatformInfo): string =>
  [
    `mosquitto_pub -h ${host(info)} -p ${info.mqtt.port} -q 1`,
    '--cafile identity/authority.pem --cert identity/device.pem --key identity/device.pem',
    `-t mw/v1/telemetry -m ${sample}`,
  ].join(' \\\n  ')

export const certificatePost = (info: PlatformInfo): string =>
  [
    'curl --cacert identity/authority.pem --cert identity/device.pem --key identity/device.pem',
    `-H 'content-type: application/json' -d ${sample}`,
    `${info.publicUrl}/api/v1/devices/me/telemetry`,
  ].join(' \\\n  ')

export const tokenPublish = (info: PlatformInfo, token: string): string =>
  [
    `mosquitto_pub -h ${host(info)} -p ${info.mqtt.port} -q 1 --cafile authority.pem`,
    `-u ${token}`,
    `-t mw/v1/telemetry -m ${sample}`,
  ].join(' \\\n  ')

export const tokenPost = (info: PlatformInfo, token: string): string =>
  [
    `curl --cacert authority.pem -H 'authorization: Bearer ${token}'`,
    `-H 'content-type: application/json' -d ${sample}`,
    `${info.publicUrl}/api/v1/devices/me/telemetry`,
  ].join(' \\\n  ')
