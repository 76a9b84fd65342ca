/** The user's settings, read each time, from the user's level alone: no folder can loosen them. */
import * as vscode from 'vscode';
import { settings, settingsSection } from '../../contributions.ts';
import type { SettingName } from '../../contributions.ts';
import { permissions } from '../../core/agents.ts';
import type { Permission } from '../../core/agents.ts';
import { sandboxUses } from '../../core/sandboxPorts.ts';
import type { Settings } from '../../core/ports.ts';

/** The settings of the port, and the ceiling for agents and batch files. */
export interface EditorSettings extends Settings {
  permission(): Permission;
  /** Stores the model for this user. */
  setModel(model: string): Promise<void>;
  /** What the user wrote as rules of approval, unchecked. */
  approvalRules(): unknown;
  setApprovalRules(rules: readonly unknown[]): Promise<void>;
  /** A message tells of each agent that completed unseen. */
  tellsCompletions(): boolean;
  /** How long past sessions are kept, and how much of them. */
  keepSessions(): { readonly maxAgeMs: number; readonly maxBytes: number };
}

const dayMs = 24 * 60 * 60 * 1000;

/** A timer can't take much more. */
const longestTimeoutMs = dayMs;

export const editorSettings: EditorSettings = {
  lanes: () => ({
    io: atLeastOne(settings.ioLane, 16),
    process: atLeastOne(settings.processLane, 16),
    model: atLeastOne(settings.modelLane, 16),
  }),
  timeoutMs(tool) {
    const timeouts = read<Record<string, unknown>>(settings.timeouts) ?? {};
    const value = Object.hasOwn(timeouts, tool) ? timeouts[tool] : undefined;
    const isValid = Number.isInteger(value) && Number(value) >= 1 && Number(value) <= longestTimeoutMs;
    return isValid ? Number(value) : undefined;
  },
  model: () => read<string>(settings.model)?.trim() ?? '',
  maxTokens: () => atLeastOne(settings.maxTokens, 16_000),
  retries: () => ({
    turn: atLeast(0, settings.turnRetries, 6),
    longestWaitMs: atLeastOne(settings.longestWait, 120) * 1000,
  }),
  maxOutputFileBytes: () => atLeastOne(settings.maxOutputFile, 1024) * 1024 * 1024,
  baseUrl: () => read<string>(settings.baseUrl)?.trim() || undefined,
  agentLimits: () => ({
    depth: atLeast(0, settings.agentDepth, 2),
    agents: atLeastOne(settings.agentCount, 200),
  }),
  keepSessions: () => ({
    maxAgeMs: atLeastOne(settings.sessionAge, 30) * dayMs,
    maxBytes: atLeastOne(settings.sessionBytes, 2000) * 1024 * 1024,
  }),
  // A value that nobody wrote on purpose must not widen anything.
  permission: () => permissions.find((known) => known === read(settings.permission)) ?? 'read-only',
  sandbox: () => sandboxUses.find((known) => known === read(settings.terminalSandbox)) ?? 'required',
  reviewsEdits: () => read(settings.editReview) !== 'off',
  tellsCompletions: () => read(settings.completionNotice) !== false,
  approvalRules: () => read(settings.approvalRules),
  async setApprovalRules(rules) {
    const configuration = vscode.workspace.getConfiguration(settingsSection);
    await configuration.update(settings.approvalRules, rules, vscode.ConfigurationTarget.Global);
  },
  async setModel(model) {
    const configuration = vscode.workspace.getConfiguration(settingsSection);
    await configuration.update(settings.model, model, vscode.ConfigurationTarget.Global);
  },
};

function atLeastOne(name: SettingName, fallback: number): number {
  return atLeast(1, name, fallback);
}

function atLeast(least: number, name: SettingName, fallback: number): number {
  const value = read<unknown>(name);
  return typeof value === 'number' && value >= least ? Math.floor(value) : fallback;
}

/** Their scopes say the same; this holds also where an editor does not go by a scope. */
function read<T>(name: SettingName): T | undefined {
  const found = vscode.workspace.getConfiguration(settingsSection).inspect<T>(name);
  return found?.globalValue ?? found?.defaultValue;
}
