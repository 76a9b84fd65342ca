/** `allsettled agent PROMPT` */
import { agentResult } from '../views/agentResult.ts';
import type { AgentArguments } from './arguments.ts';
import { keyFileProblem } from './apiKey.ts';
import { noApiKey, type CommandContext, type CommandEnd } from './commandContext.ts';
import { agentExitCode, exitCodes } from './exitCodes.ts';
import { onceStoppedByPerson } from './interruption.ts';
import { readReplay } from './replayFile.ts';
import { readPrompt, type ReadPrompt } from './readPrompt.ts';
import { refused } from './results.ts';
import { makeStateFolder } from './stateFolder.ts';
import { findWorkplace } from './workplace.ts';

/** Runs an agent until its run has ended. */
export async function agentCommand(args: AgentArguments, context: CommandContext): Promise<CommandEnd> {
  const found = await findWorkplace(context.startFolder, args.cwd);
  if (!found.ok) return refusal(found.message);
  const replay = args.replay === undefined ? undefined : await readReplay(context.startFolder, args.replay);
  if (replay?.ok === false) return refusal(replay.message);
  const inReach = await keyFileProblem(context.keyFile, found.workplace.roots);
  if (inReach !== undefined) return refusal(inReach);
  if (!replay && !context.hasApiKey) return refusal(noApiKey);
  const read = args.prompt === undefined ? await promptOfInput(args, context) : undefined;
  if (read?.ok === false) return read.message === undefined ? stoppedBefore : refusal(read.message);
  const made = await makeStateFolder(context.stateDir);
  if (!made.ok) return refusal(made.message);
  const { runtime, stopping } = context;
  const started = await runtime.startAgent({
    prompt: read?.text ?? args.prompt ?? '',
    permission: args.permission,
    // Whoever starts an agent in a folder by hand trusts the folder.
    readsInstructions: true,
    ...(args.model !== undefined && { model: args.model }),
    ...(replay !== undefined && { replay: replay.events }),
    ...found.workplace,
  });
  onceStoppedByPerson(stopping, () => runtime.stopSession(started.sessionId));
  const state = runtime.session(started.sessionId);
  const ending = await started.ended;
  return {
    result: agentResult(started.sessionId, started.agentId, ending),
    exitCode: agentExitCode(ending.status),
    ...(state && { state }),
  };
}

function promptOfInput({ key }: AgentArguments, { stopping }: CommandContext): Promise<ReadPrompt> {
  if (key?.kind === 'descriptor' && key.descriptor === 0) {
    const message = 'The standard input holds the API key, so give PROMPT as an argument.';
    return Promise.resolve({ ok: false, message });
  }
  return readPrompt(process.stdin, stopping);
}

const stoppedBefore: CommandEnd = {
  result: refused('agent', [{ message: 'Stopped before the prompt was read.' }]),
  exitCode: exitCodes.cancelled,
};

function refusal(message: string): CommandEnd {
  return { result: refused('agent', [{ message }]), exitCode: exitCodes.usage };
}
