using System.Globalization;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Greedy;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Cli.Wiring;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>
/// Runs a model greedily on a device and writes it down: the steps while they are computed, the checkpoint when all of them have
/// passed their checks. Of a run that fails, nothing is kept.
/// </summary>
internal sealed class GreedyDump(CommandContext context, DumpDirectory directory, int steps)
{
    /// <summary>Runs, checks and writes.</summary>
    /// <returns>Each step's check, the failed one last.</returns>
    /// <exception cref="IOException">It could not be written; nothing is kept.</exception>
    public IReadOnlyList<(GreedyStep Step, OperationCheck Worst)> Write(
        IDeviceModel model,
        DecodeStepPlan plan,
        string device
    )
    {
        try
        {
            return RunAndWrite(model, plan, device);
        }
        catch (IOException exception)
        {
            directory.Clear();
            throw new IOException(
                $"The dump cannot be written to {directory.Path}, and nothing of it was kept: {exception.Message.TrimEnd('.')}.",
                exception
            );
        }
    }

    private List<(GreedyStep Step, OperationCheck Worst)> RunAndWrite(
        IDeviceModel model,
        DecodeStepPlan plan,
        string device
    )
    {
        // Found out before the steps: a model that has no checkpoint is not worth running.
        var checkpoint = new HuggingFaceCheckpoint(plan);
        directory.Clear();
        Dictionary<string, string> metadata = Metadata(model, plan, device);
        var done = new List<(GreedyStep, OperationCheck)>();
        using (var file = new StepsFile(directory.Path, plan, model.Seed, steps, metadata))
        {
            foreach (
                GreedyStep step in GreedyDecoder.Run(
                    model,
                    plan,
                    steps,
                    CheckSelection.Everything,
                    context.Cancellation
                )
            )
            {
                done.Add((step with { Logits = [] }, step.Check.Worst));
                if (!step.Check.Passed)
                {
                    context.Error.WriteLine(
                        $"no dump was written: step {step.Position} of the greedy run failed its check"
                    );
                    return done;
                }

                file.Append(step);
            }

            file.Complete();
        }

        // Its config.json is written last of all: a folder that has one is complete.
        context.Error.WriteLine($"writing {checkpoint.Model.Name}, {plan.Layers} layers, to {directory.Path}");
        checkpoint.Write(directory.Path, model.Seed, metadata, context.Cancellation);
        return done;
    }

    private Dictionary<string, string> Metadata(IDeviceModel model, DecodeStepPlan plan, string device)
    {
        ToolInfo tool = ToolIdentity.Info();
        StepFormats formats = plan.Conditions.Formats;
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["tool"] = tool.Name,
            ["tool_version"] = tool.Version,
            ["model"] = plan.Model.Name,
            ["seed"] = model.Seed.ToString(CultureInfo.InvariantCulture),
            ["layers"] = plan.Layers.ToString(CultureInfo.InvariantCulture),
            ["weights_format"] = formats.Weights.Name(),
            ["lm_head_format"] = formats.LmHead.Name(),
            ["kv_format"] = formats.Kv.Name(),
            ["activation_format"] = formats.Activations.Name(),
            ["device"] = device,
            ["batch"] = plan.Conditions.Batch.ToString(CultureInfo.InvariantCulture),
            ["steps"] = steps.ToString(CultureInfo.InvariantCulture),
        };
        if (tool.Commit is not null)
        {
            metadata["tool_commit"] = tool.Commit;
        }

        return metadata;
    }
}
