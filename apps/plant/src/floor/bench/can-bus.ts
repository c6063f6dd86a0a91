import type { DropFolder } from './dropped.ts'

/** What the frames of the bench's bus mean: the dynamometer's drive, and the winding's thermometer. */
export const BENCH_DBC = `VERSION "1.0"

NS_ :

BS_:

BU_: Dynamometer Thermometer Bench

BO_ 256 Drive: 4 Dynamometer
 SG_ speed : 0|16@1+ (0.1,0) [0|4000] "rpm" Bench
 SG_ torque : 16|16@1- (0.01,0) [-50|50] "N*m" Bench

BO_ 257 Winding: 2 Thermometer
 SG_ winding_temperature : 0|16@1- (0.1,0) [-40|250] "degC" Bench

CM_ BO_ 256 "Shaft of the dynamometer, each 100 ms";
CM_ BO_ 257 "Motor under test, each second";
`

const FRAMES_A_FILE = 50

/** The bench's CAN bus, recorded as `candump -l` does: a file each few seconds. */
export class CanLog {
  readonly #folder: DropFolder
  #lines: string[] = []

  constructor(folder: DropFolder) {
    this.#folder = folder
  }

  /** @param time µs since the epoch */
  async record(time: number, values: Readonly<Record<string, unknown>>): Promise<void> {
    const { speed, torque, winding_temperature: winding } = values
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
    if (this.#lines.length < FRAMES_A_FILE) return
    const lines = this.#lines
    this.#lines = []
    await this.#folder.drop(`bus-${time}.log`, lines.join(''))
  }

  #frame(time: number, id: string, data: Buffer): void {
    this.#lines.push(`(${(time / 1e6).toFixed(6)}) can0 ${id}#${data.toString('hex').toUpperCase()}\n`)
  }
}
