/** A device in 20 lines: `node device.ts https://localhost:8080 <one-time token>`; later starts need no token. */
import { connect, enrol, loadIdentity } from '@millwright/sdk/device'

const [url, token] = process.argv.slice(2)
const directory = './identity'
const credentials = token === undefined ? await loadIdentity(directory) : await enrol({ url: url!, token, directory })

const device = connect({ credentials, directory })
device.on('connected', () => console.log('connected'))
device.on('disconnected', (reason) => console.log(`away: ${reason}`))

let target = 21
device.onCommand('set_target', (params) => {
  target = Number((params as { celsius: number }).celsius)
  return { celsius: target }
})

let temperature = 18
setInterval(() => {
  temperature += (target - temperature) / 20
  const values = { temperature: Math.round(temperature * 100) / 100, heating: temperature < target - 0.5 }
  device.publish({ time: Date.now() * 1000, values, units: { temperature: 'Cel' } }).catch(console.error)
}, 1000)
