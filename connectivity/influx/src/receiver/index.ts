/** HTTP for those who push measurements (Telegraf, Prometheus): one port, bounded, with credentials and TLS. */

export { isLoopback, type ReceiverConfig, receiverFields, receiverProblem } from './config.ts'
export { type Credentials, isAllowed } from './credentials.ts'
export { KeepListening, type KeepListeningOptions } from './keep-listening.ts'
export { listenText, testReceiver } from './probe.ts'
export { type Answer, type Push, problemText, Receiver, type ReceiverOptions } from './receiver.ts'
export { settled } from './settled.ts'
