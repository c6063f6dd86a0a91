"""A Modbus server of python3-pymodbus 3: `tcp PORT`, `rtu-over-tcp PORT` or `rtu PATH`. Units 1 to 3; holding registers
0 to 99 hold 100 times the unit plus the address, input registers 1000 times. Other units do not answer."""
import asyncio
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer


def unit(number):
    return ModbusSlaveContext(
        di=ModbusSequentialDataBlock(0, [True, False] * 50),
        co=ModbusSequentialDataBlock(0, [False] * 100),
        hr=ModbusSequentialDataBlock(0, [100 * number + at for at in range(100)]),
        ir=ModbusSequentialDataBlock(0, [1000 * number + at for at in range(100)]),
        zero_mode=True,
    )


async def main():
    kind, where = sys.argv[1:3]
    context = ModbusServerContext(slaves={number: unit(number) for number in (1, 2, 3)}, single=False)
    if kind == "rtu":
        server = ModbusSerialServer(
            context, framer=ModbusRtuFramer, port=where, baudrate=19200, ignore_missing_slaves=True
        )
        await server.start()
        serving = asyncio.ensure_future(server.serve_forever())
    else:
        framer = ModbusSocketFramer if kind == "tcp" else ModbusRtuFramer
        server = ModbusTcpServer(context, framer=framer, address=("127.0.0.1", int(where)), ignore_missing_slaves=True)
        serving = asyncio.ensure_future(server.serve_forever())
        await server.serving
    print("ready", flush=True)
    await serving


asyncio.run(main())
