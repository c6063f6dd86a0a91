import { join } from 'node:path'
import { reasonOf } from '@millwright/sdk/device'
import { Command, InvalidArgumentError } from 'commander'
import { Plant } from './plant.ts'
import { askPlant, type ControlRequest, type FaultLine } from './process/control.ts'
import { faultLines } from './process/desk.ts'
import { PlantRunner } from './process/plant-runner.ts'

interface Options {
  readonly url: string
  readonly data: string
  readonly directory?: string
  readonly token?: string
  readonly tokenFile?: string
  readonly fingerprint?: string
  readonly seed: number
  readonly speed: number
  readonly schedule: boolean
  readonly full?: true
  readonly fault?: string
  readonly clear?: string | true
  readonly machine?: string
  readonly list?: true
}

const environment = process.env
const PARENT_CHECK = 1_000
const ENDING_PATIENCE = 5_000

const program = new Command('npm run plant --')
  .description('The simulated plant. With --fault, --clear or --list it speaks to a plant that runs already.')
  .option('--fault <name>', 'set a fault in the running plant')
  .option('--clear [name]', 'repair a fault in the running plant, or all')
  .option('--machine <name>', 'where, when several machines know the fault')
  .option('--list', 'show all faults, and which are there now')
  .option('--url <address>', 'the platform', environment['MILLWRIGHT_URL'] ?? 'https://localhost:8080')
  .option('--data <directory>', 'the platform’s data directory', environment['MILLWRIGHT_DATA'] ?? './millwright-data')
  .option('--directory <directory>', 'the plant’s own directory: keys and state (default: plant in --data)')
  .option('--token <token>', 'API token that may set the plant up (better: MILLWRIGHT_PLANT_TOKEN)')
  .option('--token-file <file>', 'JSON of one-time enrolment tokens by machine: nothing is set up, devices only enrol')
  .option('--fingerprint <hex>', 'of the platform’s authority, when it is another machine')
  .option('--seed <number>', 'the same seed gives the same plant', whole(0, 0xffffffff), 1)
  .option('--speed <factor>', 'how fast simulated time passes', real(0.01, 1000), 1)
  .option('--no-schedule', 'no faults but those asked for')
  .option('--full', 'the machines also speak OPC UA, Modbus, Sparkplug and more, through an edge agent')

async function main(): Promise<void> {
  const options = program.parse().opts<Options>()
  const directory = options.directory ?? join(options.data, 'plant')
  const request = requestOf(options)
  if (request !== undefined) return void print(await ask(directory, request))
  const runner = new PlantRunner({
    access: {
      url: options.url,
      data: options.data,
      token: options.token ?? environment['MILLWRIGHT_PLANT_TOKEN'] ?? environment['MILLWRIGHT_TOKEN'],
      fingerprint: options.fingerprint,
    },
    directory,
    tokenFile: options.tokenFile,
    seed: options.seed,
    speed: options.speed,
    schedule: options.schedule,
    full: options.full === true,
    say: (text) => process.stdout.write(`plant: ${text}\n`),
  })
  // Ctrl-C and group signals come here too, beside what the platform sends: the first one counts.
  let stopping = false
  const stop = () => {
    if (!stopping) void runner.stop().then(() => process.exit(0))
    stopping = true
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  endWithParent(stop)
  await alone(directory)
  await runner.start()
}

/** A plant whose platform was killed would run on unseen: it ends with whoever started it. */
function endWithParent(stop: () => void): void {
  // Nobody reads what it says any more.
  process.stdout.on('error', stop)
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) stop()
  }, PARENT_CHECK).unref()
}

/** Two plants with the same keys would push each other off the platform. One that is just ending is waited for. */
async function alone(directory: string): Promise<void> {
  const end = performance.now() + ENDING_PATIENCE
  for (;;) {
    const running = await askPlant(directory, { action: 'list' }).then(
      () => true,
      () => false,
    )
    if (!running) return
    if (performance.now() > end) throw new Error(`A plant runs with the directory ${directory} already.`)
    await new Promise((resolve) => setTimeout(resolve, PARENT_CHECK / 4))
  }
}

function requestOf(options: Options): ControlRequest | undefined {
  const { machine } = options
  if (options.fault !== undefined) return { action: 'inject', fault: options.fault, machine }
  if (options.clear === true) return { action: 'clear-all' }
  if (options.clear !== undefined) return { action: 'clear', fault: options.clear, machine }
  return options.list === true ? { action: 'list' } : undefined
}

/** The list is also good without a running plant: it then says what there would be. */
async function ask(directory: string, request: ControlRequest): Promise<readonly FaultLine[]> {
  try {
    return await askPlant(directory, request)
  } catch (error) {
    if (request.action !== 'list') throw error
    process.stdout.write(`${reasonOf(error)}\n\n`)
    return faultLines(new Plant({ seed: 1 }))
  }
}

function print(faults: readonly FaultLine[]): void {
  const width = Math.max(...faults.map(({ fault }) => fault.length))
  for (const { machine, fault, active, description } of faults) {
    process.stdout.write(
      `${active ? '● now' : '     '}  ${fault.padEnd(width)}  ${machine.padEnd(6)}  ${description}\n`,
    )
  }
}

function whole(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < low || value > high)
      throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`)
    return value
  }
}

function real(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!(value >= low && value <= high)) throw new InvalidArgumentError(`It must be a number from ${low} to ${high}.`)
    return value
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`plant: ${reasonOf(error)}\n`)
  process.exit(1)
})
