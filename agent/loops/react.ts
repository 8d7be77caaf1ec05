/** The loop for models without tool calling: ReAct (thought, action, observation) in plain text. */

import { randomUUID } from "node:crypto";
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import type { StructuredToolInterface } from "@langchain/core/tools";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { fitHistory } from "../history.ts";
import { withRetries } from "../retry.ts";
import type { Loop, LoopOptions } from "./loop.ts";
import { historyBudget, sharedPrompt } from "./prompt.ts";
import { actionInput, type InputSchema, parseReact, toolNamed, visible } from "./react-parser.ts";
import { Run } from "./run.ts";
import { UNTRACED } from "./untraced.ts";
import { fenced } from "./untrusted.ts";

/** Where a model would go on with a result that it makes up. */
const STOP = "\nObservation:";

/**
 * The history holds tool calls as the other loop's does; they become text only on the way to the model, so that a
 * conversation can go on with a model of the other kind.
 */
export function reactLoop(options: LoopOptions): Loop {
  const schemas = new Map(options.tools.map((tool) => [tool.name, schemaOf(tool)]));
  const prompt = reactPrompt(sharedPrompt(options), options.tools);
  const budget = historyBudget(options, prompt);

  /** One step of the model, streamed. */
  const think = async (run: Run, history: readonly BaseMessage[]): Promise<string> => {
    const messages = [
      new SystemMessage(prompt),
      ...asText(await fitHistory([...history, ...run.messages], budget), run.steps >= run.limits.steps),
    ];
    return await withRetries(
      async () => {
        let output = "";
        let whole: AIMessageChunk | undefined;
        run.usage.sent(messages);
        try {
          const stream = await options.model.stream(messages, {
            stop: [STOP],
            signal: run.signal,
            callbacks: [UNTRACED],
          });
          for await (const chunk of stream) {
            whole = whole === undefined ? chunk : whole.concat(chunk);
            output += chunk.text;
            run.usage.received(chunk.text);
            const shown = visible(output);
            const { streamed } = run.stream;
            if (shown.startsWith(streamed)) run.stream.text(shown.slice(streamed.length));
          }
        } catch (error) {
          run.usage.count();
          throw error;
        }
        run.usage.count(whole);
        // Even an empty answer comes as a piece.
        if (whole === undefined) throw new Error("The answer holds nothing, not even its end.");
        return output;
      },
      { ...options.retry, signal: run.signal, onRetry: run.stream.retried },
    );
  };

  return {
    ask(ask) {
      const run = new Run(options, ask);
      return run.complete(async () => {
        while (run.mayStep()) {
          const step = parseReact(await think(run, ask.history));
          if (step.thought !== "") run.stream.emit({ type: "thought", text: step.thought });
          if (step.kind === "answer") return step.answer;
          run.stream.aside();
          const name = toolNamed(step.name, schemas.keys()) ?? step.name;
          const args = actionInput(step.input, schemas.get(name) ?? {});
          const call = { id: `call_${randomUUID()}`, name: toolName(name), args };
          run.messages.push(
            new AIMessage({ content: step.thought, tool_calls: [{ ...call, type: "tool_call" }] }),
          );
          run.messages.push(await run.tools.call(call));
        }
        return undefined;
      });
    },
  };
}

/** What providers take as the name of a tool: an unknown one may be anything. */
const toolName = (name: string) => name.replace(/[^\w-]+/g, "_").slice(0, 64) || "none";

function schemaOf(tool: StructuredToolInterface): InputSchema {
  const {
    $schema: _,
    additionalProperties: __,
    ...schema
  } = toJsonSchema(tool.schema as never) as Record<string, unknown>;
  return schema;
}

function reactPrompt(prompt: string, tools: readonly StructuredToolInterface[]): string {
  if (tools.length === 0) return prompt;
  const described = tools.map((tool) => `- ${tool.name} ${inputOf(schemaOf(tool))}: ${tool.description}`);
  return `${prompt}

You can use these tools:
${described.join("\n")}

To use a tool, write exactly this and nothing after it:
Thought: why a tool is needed
Action: one of ${tools.map(({ name }) => name).join(", ")}
Action Input: the input as JSON

You then get the result as "Observation:", and may use another tool. When you know the answer, or need no tool, write:
Final Answer: the answer to the question`;
}

/**
 * What a tool takes, such as `{"url": string, "start"?: integer}`. A whole JSON Schema of each would fill a quarter of a
 * small model's context; what it leaves out, the message about a wrong input tells.
 */
function inputOf({ properties = {}, required = [] }: InputSchema): string {
  const fields = Object.entries(properties).map(([name, { type = "any", default: value }]) => {
    const optional = value !== undefined || !required.includes(name);
    return `${JSON.stringify(name)}${optional ? "?" : ""}: ${type}`;
  });
  return `{${fields.join(", ")}}`;
}

/** A conversation with its tool calls in ReAct's words: the model's turns and the user's alternate. */
function asText(messages: readonly BaseMessage[], last: boolean): BaseMessage[] {
  const written: BaseMessage[] = [];
  for (const message of messages) {
    if (AIMessage.isInstance(message)) {
      const calls = message.tool_calls ?? [];
      const actions = calls.map(({ name, args }) => `Action: ${name}\nAction Input: ${JSON.stringify(args)}`);
      const thought = message.text === "" ? [] : [`Thought: ${message.text}`];
      written.push(
        new AIMessage(
          calls.length === 0 ? `Final Answer: ${message.text}` : [...thought, ...actions].join("\n"),
        ),
      );
    } else if (ToolMessage.isInstance(message)) {
      const observation = `Observation: ${fenced(message.name ?? "tool", message.text)}`;
      const before = written.at(-1);
      if (HumanMessage.isInstance(before))
        written[written.length - 1] = new HumanMessage(`${before.text}\n${observation}`);
      else written.push(new HumanMessage(observation));
    } else {
      written.push(message);
    }
  }
  const end = written.at(-1);
  if (last && HumanMessage.isInstance(end) && ToolMessage.isInstance(messages.at(-1)))
    written[written.length - 1] = new HumanMessage(
      `${end.text}\nNo further tool can be used. Write "Final Answer:" now.`,
    );
  return written;
}
