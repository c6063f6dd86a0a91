import type { MachineModel } from '../core/machine.ts'
import { BENCH_MODEL, COMPUTER_MODEL } from '../testfield/model.ts'
import { MODELS, type PlannedNode, TREE } from './tree.ts'

/** What only the full plant shows: no device of the platform stands at these machines, only connections reach them. */
const TEST_FIELD: PlannedNode = {
  name: 'Test field',
  level: 'area',
  description: 'Pump motors are tested before they go out',
  children: [
    {
      name: 'Motor tests',
      level: 'line',
      children: [
        {
          name: 'Bench 1',
          level: 'cell',
          children: [
            {
              name: 'TB-1',
              level: 'equipment',
              model: BENCH_MODEL.name,
              description: 'End-of-line bench: no-load test and load curve to 125 %, 16 s a motor',
              metadata: { dynamometer: '5 kW', 'least efficiency': '80 %' },
            },
          ],
        },
        {
          name: 'Control room',
          level: 'cell',
          children: [
            {
              name: 'IPC-1',
              level: 'equipment',
              model: COMPUTER_MODEL.name,
              description: 'The bench’s computer',
            },
            {
              name: 'SRV-1',
              level: 'equipment',
              model: COMPUTER_MODEL.name,
              description: 'Keeps the test field’s records',
            },
          ],
        },
      ],
    },
  ],
}

export const FULL_MODELS: readonly MachineModel[] = [...MODELS, BENCH_MODEL, COMPUTER_MODEL]

/** The demo works with their test field. */
export const FULL_TREE: PlannedNode = {
  ...TREE,
  children: TREE.children!.map((site) => ({ ...site, children: [...site.children!, TEST_FIELD] })),
}
