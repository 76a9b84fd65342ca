/** Where the scripts find the project and keep what can be made again. */
import path from 'node:path';

export const projectFolder = path.resolve(import.meta.dirname, '../..');

/** Ignored by git; removing it costs only time. */
export const cacheFolder = path.join(import.meta.dirname, '.cache');
export const screenshotsFolder = path.join(cacheFolder, 'screenshots');
export const logsFolder = path.join(cacheFolder, 'logs');

/** The folder that the demo shows and `npm start` opens. */
export const demoFolder = path.join(projectFolder, 'media', 'demo', 'workspace');

/** The Node that this project installs, under which the scripts run. */
export const projectNode = process.execPath;
