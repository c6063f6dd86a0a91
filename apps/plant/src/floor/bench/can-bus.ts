import type { DropFolder } from './dropped.ts'

/** As the bench's sequence counts them. */
const STATES = ['clamping', 'run-up', 'no-load', 'load', 'run-down', 'unclamping']

/** What the frames of the bench's bus mean: the dynamometer's drive, the winding's thermometer, the test's sequence. */
export const BENCH_DBC = `VERSION "1.0"

NS_ :

BS_:

BU_: Dynamometer Thermometer Bench

BO_ 256 Drive: 4 Dynamometer
 SG_ speed : 0|16@1+ (0.1,0) [0|4000] "rpm" Bench
 SG_ torque : 16|16@1- (0.01,0) [-50|50] "N*m" Bench

BO_ 257 Winding: 2 Thermometer
 SG_ winding_temperature : 0|16@1- (0.1,0) [-40|250] "degC" Bench

BO_ 258 Sequence: 1 Bench
 SG_ state : 0|8@1+ (1,0) [0|5] "" Dynamometer

CM_ BO_ 256 "Shaft of the dynamometer, each 100 ms";
CM_ BO_ 257 "Motor under test, each second";
CM_ BO_ 258 "Where the test stands, with each change and each second";

VAL_ 258 state ${STATES.map((state, at) => `${at} "${state}"`).join(' ')} ;
`

const FRAMES_A_FILE = 50

/** The bench's CAN bus, recorded as `candump -l` does: a file each few seconds. */
export class CanLog {
  readonly #folder: DropFolder
  #lines: string[] = []
  #state = -1

  constructor(folder: DropFolder) {
    this.#folder = folder
  }

  /** @param time µs since the epoch */
  async record(time: number, values: Readonly<Record<string, unknown>>): Promise<void> {
    const { speed, torque, winding_temperature: winding, state } = values
    if (typeof speed === 'number' && typeof torque === 'number') {
      const drive = Buffer.alloc(4)
      drive.writeUInt16LE(Math.round(speed * 10), 0)
      drive.writeInt16LE(Math.round(torque * 100), 2)
      this.#frame(time, '100', drive)
    }
    if (typeof winding === 'number') {
      const thermal = Buffer.alloc(2)
      thermal.writeInt16LE(Math.round(winding * 10))
      this.#frame(time, '101', thermal)
    }
    const stands = STATES.indexOf(String(state))
    // With the thermometer's beat, for whoever came later.
    if (stands >= 0 && (stands !== this.#state || winding !== undefined)) {
      this.#frame(time, '102', Buffer.of(stands))
      this.#state = stands
    }
    if (this.#lines.length < FRAMES_A_FILE) return
    const lines = this.#lines
    this.#lines = []
    await this.#folder.drop(`bus-${time}.log`, lines.join(''))
  }

  #frame(time: number, id: string, data: Buffer): void {
    this.#lines.push(`(${(time / 1e6).toFixed(6)}) can0 ${id}#${data.toString('hex').toUpperCase()}\n`)
  }
}
