import { COMPRESSOR_MODEL } from '../air/compressor.ts'
import { CNC_MODEL, GAUGE_MODEL } from '../cnc/model.ts'
import type { Level, MachineModel, Position } from '../core/machine.ts'
import { METER_MODEL } from '../energy/meter.ts'
import { PUMP_MODEL } from '../pump/model.ts'
import { VEHICLE_MODEL } from '../vehicle/vehicle.ts'

export const MODELS: readonly MachineModel[] = [
  PUMP_MODEL,
  CNC_MODEL,
  GAUGE_MODEL,
  COMPRESSOR_MODEL,
  METER_MODEL,
  VEHICLE_MODEL,
]

/** A node of the demo works' asset tree; equipment names its model, and its machine bears its name. */
export interface PlannedNode {
  readonly name: string
  readonly level: Level
  readonly description?: string
  readonly model?: string
  readonly position?: Position
  readonly metadata?: Readonly<Record<string, string>>
  readonly children?: readonly PlannedNode[]
}

const at = (latitude: number, longitude: number): Position => ({ latitude, longitude })

/** ISA-95 from enterprise to equipment. */
export const TREE: PlannedNode = {
  name: 'Millwright Demo Works',
  level: 'enterprise',
  description: 'A simulated factory: everything below is computed, nothing is measured',
  children: [
    {
      name: 'Chemnitz',
      level: 'site',
      description: 'Two halls and a yard',
      position: at(50.8321, 12.9197),
      children: [
        {
          name: 'Utilities',
          level: 'area',
          children: [
            {
              name: 'Cooling water',
              level: 'line',
              children: [
                {
                  name: 'Pump loop',
                  level: 'cell',
                  children: [
                    {
                      name: 'P-101',
                      level: 'equipment',
                      model: PUMP_MODEL.name,
                      description: 'Cooling water pump of line 1: 3 kW, 2,890/min, drive-end bearing 6205',
                      position: at(50.83244, 12.91921),
                      metadata: { bearing: '6205', 'rated power': '3 kW', 'rated flow': '25 m³/h' },
                    },
                  ],
                },
              ],
            },
            {
              name: 'Compressed air',
              level: 'line',
              children: [
                {
                  name: 'Compressor room',
                  level: 'cell',
                  children: [
                    {
                      name: 'CA-1',
                      level: 'equipment',
                      model: COMPRESSOR_MODEL.name,
                      description: 'Screw compressor, 15 kW, load/unload between 6.4 and 7.2 bar',
                      position: at(50.83239, 12.91938),
                    },
                  ],
                },
              ],
            },
            {
              name: 'Power supply',
              level: 'line',
              children: [
                {
                  name: 'Main distribution',
                  level: 'cell',
                  children: [
                    {
                      name: 'EM-1',
                      level: 'equipment',
                      model: METER_MODEL.name,
                      description: 'Meter at the incomer: everything in the works',
                      position: at(50.83246, 12.91951),
                    },
                    {
                      name: 'EM-2',
                      level: 'equipment',
                      model: METER_MODEL.name,
                      description: 'Meter of line 1',
                      position: at(50.83246, 12.91956),
                    },
                  ],
                },
              ],
            },
          ],
        },
        {
          name: 'Machining',
          level: 'area',
          children: [
            {
              name: 'Line 1',
              level: 'line',
              description: 'Stepped shafts: turned, milled, measured',
              children: [
                {
                  name: 'Turning',
                  level: 'cell',
                  children: [
                    {
                      name: 'OP10',
                      level: 'equipment',
                      model: CNC_MODEL.name,
                      description: 'Lathe with bar feeder: bearing seat Ø 40 ± 0.025 mm',
                      position: at(50.83187, 12.91952),
                    },
                  ],
                },
                {
                  name: 'Milling',
                  level: 'cell',
                  children: [
                    {
                      name: 'OP20',
                      level: 'equipment',
                      model: CNC_MODEL.name,
                      description: 'Milling machine: keyway 12 ± 0.030 mm',
                      position: at(50.83187, 12.91981),
                    },
                  ],
                },
                {
                  name: 'Measuring',
                  level: 'cell',
                  children: [
                    {
                      name: 'OP30',
                      level: 'equipment',
                      model: GAUGE_MODEL.name,
                      description: 'Measures every part and feeds deviations back',
                      position: at(50.83187, 12.92008),
                    },
                  ],
                },
              ],
            },
          ],
        },
        {
          name: 'Logistics',
          level: 'area',
          children: [
            {
              name: 'Internal transport',
              level: 'line',
              children: [
                {
                  name: 'Yard',
                  level: 'cell',
                  children: [
                    {
                      name: 'AGV-1',
                      level: 'equipment',
                      model: VEHICLE_MODEL.name,
                      description: 'Tow tractor between goods in, line 1 and dispatch, 48 V LFP battery',
                      metadata: { battery: '48 V, 60 Ah' },
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
}

/** Which devices share a controller, and so a process. */
export const CONTROLLERS: Readonly<Record<string, readonly string[]>> = {
  'pump controller': ['P-101'],
  'line gateway': ['OP10', 'OP20', 'OP30'],
  'energy gateway': ['EM-1', 'EM-2', 'CA-1'],
  vehicle: ['AGV-1'],
}
