import { relative } from 'node:path'
import type { ServerConfig } from './config.ts'
import type { Platform } from './platform.ts'

const PLANTS = {
  demo: 'simulated; its machines appear within seconds',
  full: 'simulated; its shop floor (OPC UA, Modbus, Sparkplug, …, an edge agent) is there within a minute',
} as const

/** What a person reads after the start: where to go, in plain lines. */
export function banner(platform: Platform, config: ServerConfig, took: number): string {
  const rows: [string, string][] = [['Console', platform.consoleUrl]]
  if (platform.signInLink !== undefined)
    rows.push(['Sign in', `${platform.signInLink}  (once, as the first administrator)`])
  rows.push(['Devices', `mqtts://${platform.deviceHost}:${platform.mqttPort}`])
  rows.push(['Data', relative(process.cwd(), config.data) || config.data])
  rows.push(['Plant', config.empty ? 'none (--empty)' : PLANTS[config.plant]])
  const lines = rows.map(([name, value]) => `  ${name.padEnd(9)}${value}`)
  return `\nMillwright ${platform.version} is running (${(took / 1000).toFixed(1)} s).\n\n${lines.join('\n')}\n\nCtrl-C stops it.\n`
}
