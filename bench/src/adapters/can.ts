import { FrameBytes, FrameDecoder, parseDbc } from '@millwright/connectivity-can'
import type { Scenario } from '../scenario.ts'
import { compared, throughput } from './throughput.ts'

const MESSAGES = 50
const FRAMES = 10_000
/** Signals of a message: little- and big-endian, signed, one multiplexed. */
const SIGNALS = 5
const dbc = Array.from(
  { length: MESSAGES },
  (_, index) => `BO_ ${256 + index} M${index}: 8 Node${index % 5}
 SG_ Page M : 0|2@1+ (1,0) [0|3] "" X
 SG_ Force : 8|16@1- (0.5,-100) [0|0] "kN" X
 SG_ Oil : 24|8@1+ (1,-40) [0|0] "degC" X
 SG_ Angle : 39|12@0+ (0.1,0) [0|360] "deg" X
 SG_ Extra m0 : 52|12@1+ (0.25,0) [0|0] "" X
`,
).join('\n')

export const can: Scenario = {
  name: 'can',
  about: 'CAN frames by a DBC of 50 messages with five signals, against the same signals written out by hand',
  async run({ quick }) {
    const seconds = quick ? 1 : 3
    const frames = Array.from({ length: FRAMES }, (_, index) => {
      const data = Buffer.alloc(8)
      data.writeUInt32LE(index * 4, 0)
      data.writeUInt32LE(index * 77_777, 4)
      return data
    })
    const bare = await throughput(() => byHand(frames), seconds)
    const decoder = new FrameDecoder([parseDbc(dbc)], { metric: 'message.signal', device: 'sender', interval: 0 })
    const frame = new FrameBytes()
    const ours = await throughput(() => {
      let points = 0
      for (let index = 0; index < FRAMES; index++) {
        frames[index]!.copy(frame.bytes)
        frame.finish(8)
        points += decoder.decode(256 + (index % MESSAGES), false, frame, 1_790_000_000_000_000 + index)
      }
      decoder.clear()
      return points
    }, seconds)
    return { figures: compared('CAN signals', 'a loop written by hand', bare, ours) }
  },
}

function byHand(frames: readonly Buffer[]): number {
  const values = new Float64Array(FRAMES * SIGNALS)
  let at = 0
  for (const data of frames) {
    const page = data[0]! & 3
    values[at++] = page
    values[at++] = data.readInt16LE(1) * 0.5 - 100
    values[at++] = data[3]! - 40
    values[at++] = ((data[4]! << 4) | (data[5]! >>> 4)) * 0.1
    if (page === 0) values[at++] = (((data[7]! << 8) | data[6]!) >>> 4) * 0.25
  }
  return at
}
