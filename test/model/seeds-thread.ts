/** A share of the random runs in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import * as resolution from '../../resolution/index.ts';
import { runSeeds, type SeedsShare } from './seeds.ts';

parentPort?.postMessage(runSeeds(workerData as SeedsShare, resolution));
