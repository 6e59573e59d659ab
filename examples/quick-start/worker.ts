import { cairn, guide } from './agent.ts'

await cairn.serve([guide]) // this process is a worker now; Ctrl-C stops it
console.log('the worker serves guide')
