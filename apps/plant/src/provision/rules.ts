import { COMPRESSOR_MODEL } from '../air/compressor.ts'
import { CNC_MODEL, GAUGE_MODEL } from '../cnc/model.ts'
import { METER_MODEL } from '../energy/meter.ts'
import { PUMP_MODEL } from '../pump/model.ts'
import { VEHICLE_MODEL } from '../vehicle/vehicle.ts'

/** A rule on an equipment class, as the API takes it. */
export interface PlannedRule {
  readonly name: string
  readonly model: string
  readonly condition: string
  readonly clearCondition?: string
  /** µs */
  readonly onDelay?: number
  readonly offDelay?: number
  readonly priority: 'critical' | 'high' | 'medium' | 'low'
  readonly latching?: boolean
  /** May name signals that the condition reads. */
  readonly message: string
  readonly response: string
}

const SECOND = 1_000_000

/** What a maintenance engineer would set up first. Limits follow ISO 10816-1 class I (vibration) and EN 50160 (voltage). */
export const RULES: readonly PlannedRule[] = [
  {
    name: 'Bearing vibration high',
    model: PUMP_MODEL.name,
    condition: 'running && vibration_rms > 4.0',
    clearCondition: 'vibration_rms < 2.5',
    onDelay: 2 * SECOND,
    offDelay: 5 * SECOND,
    priority: 'high',
    message: 'Drive-end bearing vibrates at {vibration_rms} m/s²',
    response: 'Look at the waveform: impacts mean a damaged bearing. Plan its replacement before the next shift.',
  },
  {
    name: 'Bearing temperature high',
    model: PUMP_MODEL.name,
    condition: 'bearing_temperature > 75.0',
    clearCondition: 'bearing_temperature < 65.0',
    onDelay: 3 * SECOND,
    priority: 'critical',
    message: 'Drive-end bearing at {bearing_temperature} °C',
    response: 'Stop the pump and let it cool; replace the bearing. A seized bearing ruins shaft and seal.',
  },
  {
    name: 'Vibration velocity in zone D',
    model: PUMP_MODEL.name,
    condition: 'running && avg(vibration_velocity, "10s") > 4.5',
    clearCondition: 'avg(vibration_velocity, "10s") < 3.5',
    priority: 'medium',
    message: 'Vibration velocity {vibration_velocity} mm/s: zone D of ISO 10816-1 for small machines',
    response: 'Check balance, alignment and foundation; once-per-turn vibration points to the impeller.',
  },
  {
    name: 'Pump cavitates',
    model: PUMP_MODEL.name,
    condition: 'running && suction_pressure < -0.5',
    clearCondition: 'suction_pressure > -0.2',
    onDelay: 3 * SECOND,
    priority: 'medium',
    message: 'Suction pressure {suction_pressure} bar: the pump cavitates',
    response: 'Clean the suction strainer; throttle or slow the pump until then.',
  },
  {
    name: 'Winding temperature high',
    model: PUMP_MODEL.name,
    condition: 'avg(winding_temperature, "10s") > 120.0',
    clearCondition: 'avg(winding_temperature, "10s") < 105.0',
    priority: 'high',
    message: 'Motor winding at {winding_temperature} °C',
    response: 'Reduce the load; check the fan and the supply voltage.',
  },
  ...[
    { model: PUMP_MODEL.name, what: 'pump', signal: 'running' },
    { model: CNC_MODEL.name, what: 'machine', signal: 'state' },
    { model: COMPRESSOR_MODEL.name, what: 'compressor', signal: 'pressure' },
    { model: METER_MODEL.name, what: 'meter', signal: 'active_power' },
    { model: VEHICLE_MODEL.name, what: 'vehicle', signal: 'state_of_charge' },
  ].map(
    ({ model, what, signal }): PlannedRule => ({
      name: `No data from ${what}`,
      model,
      condition: `noData(${signal}, "30s")`,
      priority: 'medium',
      message: `Nothing was heard of this ${what} for 30 s`,
      response: 'Check the device’s power and network; its page shows when and why it went offline.',
    }),
  ),
  {
    name: 'Tool broken',
    model: CNC_MODEL.name,
    condition: 'tool_broken',
    priority: 'critical',
    message: 'The tool broke; the machine stands',
    response: 'Remove the scrap part, change the tool (command change_tool), check the holder.',
  },
  {
    name: 'Tool worn',
    model: CNC_MODEL.name,
    condition: 'tool_wear > 90.0',
    clearCondition: 'tool_wear < 50.0',
    priority: 'low',
    message: 'The tool is worn to {tool_wear} %',
    response: 'Set up the next tool; the machine changes it at the end of its life.',
  },
  {
    name: 'Spindle hot',
    model: CNC_MODEL.name,
    condition: 'avg(spindle_temperature, "20s") > 60.0',
    clearCondition: 'avg(spindle_temperature, "20s") < 55.0',
    priority: 'high',
    message: 'Spindle at {spindle_temperature} °C: parts will leave their tolerance',
    response: 'Check the spindle cooler; pause the machine (command pause) when it climbs on.',
  },
  {
    name: 'Reject rate high',
    model: GAUGE_MODEL.name,
    condition: 'reject_rate > 15.0',
    clearCondition: 'reject_rate < 6.0',
    priority: 'high',
    message: '{reject_rate} % of the last 20 parts are out of tolerance',
    response: 'Look at the last quality results: which dimension, which tool, which spindle temperature?',
  },
  {
    name: 'Compressed-air leak',
    model: COMPRESSOR_MODEL.name,
    condition: 'avg(air_flow, "30s") > 1.6',
    clearCondition: 'avg(air_flow, "30s") < 1.3',
    priority: 'medium',
    message: 'The network takes {air_flow} m³/min, more than the machines do',
    response: 'Walk the line and listen; a torn hose of this size costs some 40 € a day.',
  },
  {
    name: 'Network pressure low',
    model: COMPRESSOR_MODEL.name,
    condition: 'pressure < 5.8',
    clearCondition: 'pressure > 6.2',
    onDelay: 5 * SECOND,
    priority: 'high',
    message: 'Compressed air at {pressure} bar',
    response: 'Find the consumer or leak; clamping devices need 5.5 bar.',
  },
  {
    name: 'Supply voltage low',
    model: METER_MODEL.name,
    condition: 'voltage < 207.0',
    clearCondition: 'voltage > 212.0',
    onDelay: SECOND,
    priority: 'medium',
    message: 'Supply at {voltage} V: more than 10 % below nominal',
    response: 'Note the time and call the network operator when it lasts.',
  },
  {
    name: 'Battery low',
    model: VEHICLE_MODEL.name,
    condition: 'state_of_charge < 20.0 && state != "charging"',
    clearCondition: 'state_of_charge > 25.0 || state == "charging"',
    onDelay: 2 * SECOND,
    priority: 'medium',
    message: 'Battery at {state_of_charge} % and not charging',
    response: 'Send the vehicle to its charger; a sudden drop means a failing cell.',
  },
  {
    name: 'Vehicle held up',
    model: VEHICLE_MODEL.name,
    condition: 'state == "held"',
    onDelay: 20 * SECOND,
    priority: 'low',
    message: 'The vehicle has been standing in front of something for 20 s',
    response: 'Clear its way.',
  },
]
