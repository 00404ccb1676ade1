using System.CommandLine;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The options that span a grid of points: formats, batches and contexts.</summary>
internal sealed class GridOptions
{
    private readonly Option<string> _weights;

    public GridOptions(string defaultWeights) =>
        _weights = CommandOptions.Text(
            "--weights",
            $"weight formats: {FormatNames.WeightNames}",
            "F,…",
            defaultWeights
        );

    public Option<string?> LmHead { get; } =
        CommandOptions.Text(
            "--lm-head",
            "format of the embedding and the LM head (default: 16-bit weights as they are, else bf16, as published checkpoints have it)",
            "F"
        );

    public Option<string> Kv { get; } =
        CommandOptions.Text("--kv", $"KV cache formats: {FormatNames.KvNames}", "F,…", "bf16");

    public Option<string> KvBlock { get; } =
        CommandOptions.Text(
            "--kv-block",
            $"tokens in a block of the paged KV cache: {string.Join(", ", StepConditions.KvBlockSizes)}",
            "N",
            $"{StepConditions.DefaultKvBlockTokens}"
        );

    public Option<string> Batch { get; } = CommandOptions.Text("--batch", "sequences decoded together", "N,…", "1");

    public Option<string> Context { get; } =
        CommandOptions.Text("--context", "tokens of context of each sequence, the new one included", "N,…", "1024");

    public void AddTo(Command command)
    {
        command.Options.Add(_weights);
        command.Options.Add(LmHead);
        command.Options.Add(Kv);
        command.Options.Add(KvBlock);
        command.Options.Add(Batch);
        command.Options.Add(Context);
    }

    /// <summary>The first of the options that was given; null for none.</summary>
    public string? Given(ParseResult parsed) =>
        new Option[] { _weights, LmHead, Kv, KvBlock, Batch, Context }
            .FirstOrDefault(option => GivenOptions.IsGiven(parsed, option))
            ?.Name;

    /// <summary>The grid's points: formats vary fastest, so that what is compared stands together.</summary>
    public IReadOnlyList<PointConditions> Read(ParseResult parsed)
    {
        IReadOnlyList<WeightFormat> weights = ArgumentReader.Weights("--weights", parsed.GetValue(_weights)!);
        IReadOnlyList<KvFormat> kv = ArgumentReader.KvFormats("--kv", parsed.GetValue(Kv)!);
        int kvBlock = ArgumentReader.Choice(
            "--kv-block",
            parsed.GetValue(KvBlock)!,
            StepConditions.KvBlockSizes,
            tokens => $"{tokens}"
        );
        IReadOnlyList<int> batches = ArgumentReader.Counts("--batch", parsed.GetValue(Batch)!);
        IReadOnlyList<int> contexts = ArgumentReader.Counts("--context", parsed.GetValue(Context)!);
        WeightFormat? lmHead = parsed.GetValue(LmHead) is string text
            ? ArgumentReader.Weights("--lm-head", text) is [WeightFormat one]
                ? one
                : throw new InputException(
                    $"--lm-head '{text}' is not accepted; give one of {FormatNames.WeightNames}."
                )
            : null;
        long points = (long)weights.Count * kv.Count * batches.Count * contexts.Count;
        if (points > ArgumentReader.LargestGrid)
        {
            throw new InputException(
                $"The lists span a grid of {points} points; at most {ArgumentReader.LargestGrid} are accepted."
            );
        }

        return
        [
            .. from context in contexts
            from batch in batches
            from kvFormat in kv
            from weightFormat in weights
            select new PointConditions(
                weightFormat,
                lmHead ?? StepFormats.DefaultLmHead(weightFormat),
                kvFormat,
                batch,
                context,
                kvBlock
            ),
        ];
    }
}
