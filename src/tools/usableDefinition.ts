/** An agent definition as this program can follow it, and what of it is lost. */
import type { AgentLimits } from '../core/agents.ts';
import type { Files } from '../core/filePorts.ts';
import type { FileLine, Place } from '../core/tools.ts';
import { withoutAbsent } from '../formats/agentKeys.ts';
import type { AgentDefinition } from '../formats/agentDefinition.ts';
import { findDefinition } from './agentDefinitions.ts';
import { modelOf } from './definitionModel.ts';
import { grantedTools } from './grantedTools.ts';

/** A remark with the line of the definition that it is about. */
export interface PlacedRemark {
  readonly message: string;
  readonly at: FileLine;
}

export type UsableDefinition =
  | {
      readonly ok: true;
      readonly definition: AgentDefinition;
      readonly model?: string;
      /** Absent: all. */
      readonly tools?: readonly string[];
      readonly limits?: AgentLimits;
      /** Each right that the definition gives and the agent does not get. */
      readonly warnings: readonly PlacedRemark[];
    }
  | { readonly ok: false; readonly message: string; readonly at?: FileLine };

export interface DefinitionSource {
  readonly place: Place;
  readonly files: Files;
  /** The names of the tools that the agent can have. */
  readonly tools: readonly string[];
}

/** Never rejects; a definition whose restrictions are not understood is none. */
export async function usableDefinition(
  name: string,
  { place, files, tools: known }: DefinitionSource,
  signal: AbortSignal,
): Promise<UsableDefinition> {
  const found = await findDefinition(name, place, files, signal);
  if (!found.ok) return found;
  const { definition, file } = found;
  const granted = grantedTools(definition, known);
  if (!granted.ok) return { ok: false, message: granted.message, at: { file, line: granted.line } };
  const { model, ignored } = modelOf(definition);
  const { maxTurns, maxWallMs } = definition;
  const limits = withoutAbsent({ maxTurns, maxWallMs });
  return {
    ok: true,
    definition,
    ...withoutAbsent({ model, tools: granted.tools }),
    ...(Object.keys(limits).length > 0 && { limits }),
    warnings: [...granted.lost, ...(ignored ? [ignored] : [])].map(({ message, line }) => ({
      message,
      at: { file, line },
    })),
  };
}
