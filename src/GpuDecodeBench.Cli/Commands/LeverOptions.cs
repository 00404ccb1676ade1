using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The options that rank what would save cost.</summary>
internal sealed class LeverOptions
{
    private const double LongestStepMilliseconds = 1e7;

    private readonly Option<bool> _levers = new("--levers")
    {
        Description =
            "what each lever saves, alone and together: narrower weights and cache, largest batch, drafts, prefix caching, routing, utilisation, other GPUs",
    };

    private readonly Option<string?> _draft = CommandOptions.Text(
        "--draft-model",
        "with --levers: the model that drafts tokens (default: a model of assumed size)",
        "NAME|FILE"
    );

    private readonly Option<string?> _small = CommandOptions.Text(
        "--small-model",
        "with --levers: the model that takes a part of the traffic (default: one of assumed cost)",
        "NAME|FILE"
    );

    private readonly Option<string?> _maxStep = CommandOptions.Text(
        "--max-step-ms",
        "with --levers: the longest time between two tokens of a sequence that a larger batch may lead to",
        "MS"
    );

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_levers, _draft, _small, _maxStep])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What levers are pulled with; null where none are asked for.</summary>
    public LeverSettings? Read(ParseResult parsed)
    {
        string? draft = parsed.GetValue(_draft);
        string? small = parsed.GetValue(_small);
        string? maxStep = parsed.GetValue(_maxStep);
        if (parsed.GetValue(_levers))
        {
            return new LeverSettings
            {
                DraftModel = draft is null ? null : ModelCatalogue.Resolve(draft),
                SmallModel = small is null ? null : ModelCatalogue.Resolve(small),
                MaxSecondsPerToken = maxStep is null
                    ? null
                    : ArgumentReader.Positive("--max-step-ms", maxStep, LongestStepMilliseconds, "milliseconds") / 1e3,
            };
        }

        string? alone =
            draft is not null ? "--draft-model"
            : small is not null ? "--small-model"
            : maxStep is not null ? "--max-step-ms"
            : null;
        return alone is null ? null : throw new InputException($"{alone} needs --levers.");
    }
}
