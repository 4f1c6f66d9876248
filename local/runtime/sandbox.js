/* oxlint-disable -- plain JavaScript has no types to be checked, and a worker thread no window */
// One execution environment of a Lambda function, inside a worker thread. Plain JavaScript, so that a sandbox starts
// without a TypeScript loader, as it does in AWS.
import { parentPort, workerData } from 'node:worker_threads';
import { pathToFileURL } from 'node:url';

const loading = import(pathToFileURL(workerData.modulePath).href);
// Said at the first invocation, not as an unhandled rejection.
loading.catch(() => {});

parentPort.on('message', ({ event, context, deadlineMs }) => {
  answer(event, { ...context, getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()) }).then(
    (result) => parentPort.postMessage({ result: JSON.stringify(result ?? null) }),
    (error) => parentPort.postMessage({ error: errorOf(error) }),
  );
});

async function answer(event, context) {
  const module = await loading;
  const handler = module[workerData.exportName];
  if (typeof handler !== 'function') throw new TypeError(`${workerData.exportName} is no function`);
  return await handler(JSON.parse(event), context);
}

function errorOf(error) {
  if (!(error instanceof Error)) return { type: 'Error', message: String(error) };
  return { type: error.name, message: error.message, trace: error.stack };
}
