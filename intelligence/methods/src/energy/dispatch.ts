import type { Battery, Schedule } from './schedule.ts'

/**
 * What the battery does in a step once its true load is seen, as an inverter with a meter does within the step: it follows the
 * schedule's value of a stored kWh rather than its kilowatts, which a wrong forecast would make buy or spill energy.
 *
 * @param net kW of load less generation, as it is
 * @param price of a kWh bought now
 * @param hours of the step
 * @returns kW at the terminals, positive charges
 */
export function dispatchBattery(
  battery: Battery,
  schedule: Schedule,
  net: number,
  price: number,
  hours: number,
): number {
  const { capacity, power, chargeEfficiency, dischargeEfficiency, stored } = battery
  const room = Math.min(power, (capacity - stored) / (hours * chargeEfficiency))
  const at = Math.min(power, (stored * dischargeEfficiency) / hours)
  const worth = schedule.storedValue ?? 0
  const planned = schedule.charge[0]! - schedule.discharge[0]!
  if (net < 0) {
    const surplus = Math.min(-net, room)
    return worth * chargeEfficiency > price + TIE ? Math.min(room, Math.max(surplus, planned)) : surplus
  }
  if (price * dischargeEfficiency >= worth - TIE) {
    // Where a bought kWh is worth exactly what a stored one is, the schedule says how much of it.
    return planned > 0 ? Math.min(planned, room) : -Math.min(net, at)
  }
  return Math.min(Math.max(0, planned), room)
}

/** Prices closer than this are the same. */
const TIE = 1e-7
