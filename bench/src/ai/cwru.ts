import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  bearingCatalogue,
  bearingOrders,
  classifierDefaults,
  classify,
  diagnose,
  type Example,
  type MachineDescription,
  observe,
  spectrum,
  trainFaultClassifier,
  type Verdict,
  type Waveform,
} from '@millwright/methods/vibration'
import type { AiContext, AiResult, AiScenario } from './scenario.ts'

const RATE = 12_000
const TOP = RATE / 2
/** Seconds of vibration that each decision is made from. */
const SECONDS = 1
const STANDARD_GRAVITY = 9.80665
const LOADS = [0, 1, 2]
const SEVERITIES = ['007', '014', '021']
const SKF_6205 = bearingOrders(bearingCatalogue.find(({ designation }) => designation === '6205-2RS JEM')!)

interface Recording {
  readonly file: string
  readonly load: number
  /** `Normal`, `B007`, `IR014`, `OR021@6`, … */
  readonly label: string
  readonly rpm: number
}

interface Sample extends Example {
  readonly load: number
  readonly severity: number
  /** Strongest finding of the diagnosis that knows physics alone, and whether it was sure. */
  readonly physics: { readonly fault: Verdict; readonly sure: boolean }
}

export const cwru: AiScenario = {
  name: 'cwru',
  about: 'bearing faults of the Case Western Reserve rig, split by load and by severity',
  pack: 'cwru',
  async run({ data, log }: AiContext): Promise<AiResult> {
    const samples = (await recordings(data)).flat()
    log(`${samples.length} samples of ${SECONDS} s`)
    const held = (of: keyof Pick<Sample, 'load' | 'severity'>, is: number) => {
      const { model } = trainFaultClassifier(samples.filter((each) => each[of] !== is))
      const verdicts = samples.filter((each) => each[of] === is).map((each) => ({ each, said: classify(model, each) }))
      return {
        fault: part(verdicts, ({ each, said }) => said.fault === each.fault),
        condition: part(verdicts, ({ each, said }) => said.condition === each.condition),
      }
    }
    const byLoad = LOADS.map((load) => held('load', load))
    const bySeverity = SEVERITIES.map((_, severity) => held('severity', severity))
    const sure = samples.filter(({ physics }) => physics.sure)
    const races = samples.filter(({ fault }) => fault.endsWith('race'))
    return {
      configuration: { ...classifierDefaults, seconds: SECONDS, top: TOP, bearing: 'SKF 6205-2RS JEM' },
      scores: [
        {
          measure: 'accuracy %, 10 conditions, a load left out, worst of 3',
          ours: 100 * Math.min(...byLoad.map(({ condition }) => condition)),
          wanted: { atLeast: 99 },
          others: 'LDA 82-99; RF 100, CNN 98.7 on random windows',
        },
        {
          measure: 'accuracy %, 4 faults, a severity left out, mean of 3',
          ours: (100 / 3) * bySeverity.reduce((sum, { fault }) => sum + fault, 0),
          wanted: { atLeast: 85 },
          others: 'LDA 32-100',
        },
        ...bySeverity.map(({ fault }, n) => ({
          measure: `the same, ${SEVERITIES[n]} left out`,
          ours: 100 * fault,
        })),
        {
          measure: 'no training: share of race faults named, %',
          ours: 100 * part(races, (each) => each.physics.fault === each.fault && each.physics.sure),
        },
        {
          measure: 'no training: accuracy of what it was sure of, %',
          ours: 100 * part(sure, (each) => each.physics.fault === each.fault),
        },
        {
          measure: 'no training: accuracy on all samples, 4 faults, %',
          ours: 100 * part(samples, (each) => each.physics.fault === each.fault),
        },
      ],
      notes: [
        'The pack has one recording of the sound machine, at load 0: a third of its time stands for each load and each severity.',
        'It was sampled at 48 kHz, not 12 kHz: only so are its lines those of the other recordings; the scenario checks that and resamples it.',
        'Smith and Randall (MSSP 64-65, 2015) found many of this rig\'s faults, ball faults above all, not diagnosable by their rate with established methods. OR014@6 and most ball faults show none here either: without training they are named "none".',
        'What the classifier decides by (margin, limit) comes from leaving out recordings and conditions within the training part.',
      ],
    }
  },
}

const part = <T>(of: readonly T[], test: (each: T) => boolean): number => of.filter(test).length / of.length

async function recordings(data: string): Promise<Sample[][]> {
  const all = JSON.parse(await readFile(join(data, 'cwru', 'manifest.json'), 'utf8')) as Recording[]
  const found: Sample[][] = []
  for (const recording of all) {
    const bytes = await readFile(join(data, 'cwru', recording.file)).catch(() => undefined)
    // The manifest lists what the rig's owners publish; the pack holds a part of it.
    if (bytes !== undefined) found.push(samplesOf(recording, bytes))
  }
  return found
}

function samplesOf({ file, load, label, rpm }: Recording, bytes: Buffer): Sample[] {
  const acceleration = new Float64Array(bytes.length / 4)
  for (let i = 0; i < acceleration.length; i++) acceleration[i] = STANDARD_GRAVITY * bytes.readFloatLE(4 * i)
  const sound = label === 'Normal'
  const samples = sound ? resampled(acceleration) : acceleration
  const machine: MachineDescription = {
    shaft: rpm / 60,
    bearings: [{ name: 'drive end', orders: SKF_6205 }],
    gears: [],
    pump: false,
    severityClass: 'class I',
  }
  const length = SECONDS * RATE
  const count = Math.floor(samples.length / length)
  return Array.from({ length: count }, (_, n) => {
    const waveform: Waveform = { samples: samples.slice(n * length, (n + 1) * length), sampleRate: RATE }
    const [finding] = diagnose(waveform, machine).findings
    const third = Math.floor((3 * n) / count)
    return {
      ...observe(waveform, machine, TOP),
      fault: faultOf(label),
      condition: label,
      group: sound ? `${file} ${third}` : file,
      load: sound ? third : load,
      severity: sound ? third : SEVERITIES.findIndex((each) => label.includes(each)),
      physics: { fault: finding?.fault ?? 'none', sure: finding !== undefined && finding.confidence >= 0.75 },
    }
  })
}

const faultOf = (label: string): Verdict =>
  label.startsWith('OR')
    ? 'outer race'
    : label.startsWith('IR')
      ? 'inner race'
      : label.startsWith('B')
        ? 'rolling element'
        : 'none'

/**
 * 48 kHz to 12 kHz by the mean of a Hann window, two outputs wide. The rate of this recording is disputed; the sixth
 * harmonic of the mains, which this rig's motor shows in every recording at 360 Hz, settles it.
 */
function resampled(samples: Float64Array): Float64Array {
  const { amplitude, first, step } = spectrum({ samples, sampleRate: 48_000 }, { resolution: 1, from: 330, to: 390 })
  const top = first + step * amplitude.indexOf(amplitude.reduce((most, each) => Math.max(most, each), 0))
  if (Math.abs(top - 360) > 1)
    throw new Error(`the line of the mains lies at ${top} Hz: this is no recording at 48 kHz`)
  const out = new Float64Array(Math.floor(samples.length / 4) - 4)
  const reach = 32
  for (let n = 0; n < out.length; n++) {
    let sum = 0
    for (let j = -reach; j <= reach; j++) {
      const at = 4 * n + 8 + j
      if (at < 0 || at >= samples.length) continue
      // Windowed sinc with its corner at 5.8 kHz.
      const x = (Math.PI * j * 5_800) / 24_000
      sum += samples[at]! * (j === 0 ? 1 : Math.sin(x) / x) * Math.cos((Math.PI * j) / (2 * reach + 2)) ** 2
    }
    out[n] = (sum * 5_800) / 24_000
  }
  return out
}
