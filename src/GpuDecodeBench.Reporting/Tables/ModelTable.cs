using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The catalogue of models, and one model in detail.</summary>
public static class ModelTable
{
    /// <summary>A count that this divides was rounded by its publisher: no model has such a number of parameters.</summary>
    private const long RoundedTo = 100_000_000;

    private sealed record FormatRow(string What, string Name, WeightFormat? Weights, long Bytes);

    /// <summary>A list of models.</summary>
    /// <param name="entries">The models.</param>
    public static ResultTable List(IReadOnlyList<CatalogueEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return new TableSchema<CatalogueEntry>()
            .Words("Model", "model", row => ResultCell.Of(row.Name))
            .Words("Architecture", "architecture", row => ResultCell.Of(Architecture(row.Shape)), drop: 2)
            .Number("Parameters", "billion", "parameters", row => Billions(ModelParameters.Count(row.Shape)))
            .Number("Layers", null, "layers", row => ResultCell.Of(row.Shape.Layers.Length))
            .Number("Hidden", null, "hiddenSize", row => ResultCell.Of(row.Shape.HiddenSize))
            .Number("Vocabulary", null, "vocabularySize", row => ResultCell.Of(row.Shape.VocabularySize), drop: 1)
            .Number("Context", "tokens", "maxContextTokens", row => ResultCell.Of(row.Shape.MaxContextTokens), drop: 3)
            .Number("bf16", "weights", "bf16WeightBytes", row => Bytes(WeightBytes(row.Shape, WeightFormat.Bf16)))
            .Number(
                "bf16 KV",
                "/token",
                "bf16KvBytesPerToken",
                row => Bytes(ModelParameters.KvBytesPerToken(row.Shape, KvFormat.Bf16))
            )
            .Machine(
                "bf16KvBytesPerTokenBeyondWindows",
                row => ResultCell.Of(ModelParameters.KvBytesPerTokenBeyondWindows(row.Shape, KvFormat.Bf16))
            )
            .Machine("source", row => ResultCell.Of(row.Source))
            .Build(
                "Models",
                entries,
                [
                    "Weights are those that a device holds, embedding and LM head included.",
                    .. entries.Any(entry => HasWindows(entry.Shape))
                        ?
                        [
                            "KV is that of every layer; those with a sliding window hold no more once it is full: `models NAME`.",
                        ]
                        : Array.Empty<string>(),
                ]
            );
    }

    /// <summary>One model: its shape, its parameters, its bytes in every weight format, its KV bytes per token.</summary>
    /// <param name="model">The model.</param>
    public static ResultTable Single(ModelShape model)
    {
        ArgumentNullException.ThrowIfNull(model);
        IEnumerable<FormatRow> weights = FormatNames.AllWeightFormats.Select(format => new FormatRow(
            "weights",
            format.Name(),
            format,
            WeightBytes(model, format)
        ));
        IEnumerable<FormatRow> kv = FormatNames.AllKvFormats.Select(format => new FormatRow(
            "KV per token",
            format.Name(),
            null,
            ModelParameters.KvBytesPerToken(model, format)
        ));
        IEnumerable<FormatRow> beyond = !HasWindows(model)
            ? []
            : FormatNames.AllKvFormats.Select(format => new FormatRow(
                "KV beyond windows",
                format.Name(),
                null,
                ModelParameters.KvBytesPerTokenBeyondWindows(model, format)
            ));
        return new TableSchema<FormatRow>()
            .Words("What", "what", row => ResultCell.Of(row.What))
            .Words("Format", "format", row => ResultCell.Of(row.Name))
            .Words("LM head", "lmHead", row => LmHead(row.Weights), drop: 1)
            .Number(
                "Bytes",
                null,
                "bytes",
                row => ResultCell.Of(row.Bytes, value => $"{value:N0} ({Quantity.Bytes(value)})")
            )
            .Build($"Model {model.Name}", [.. weights, .. kv, .. beyond], Captions(model));
    }

    private static List<string> Captions(ModelShape model)
    {
        long counted = ModelParameters.Count(model);
        string published = model.PublishedParameters switch
        {
            null => "no count is published",
            long count when count % RoundedTo == 0 => $"published as {count / 1e9:0.#} billion",
            long count when count == counted => "as published",
            long count => $"published as {count:N0}",
        };
        List<string> lines =
        [
            $"Architecture: {Architecture(model)}; {model.Layers.Length} layers; hidden size {model.HiddenSize:N0}; "
                + $"vocabulary {model.VocabularySize:N0}; embeddings {(model.TieEmbeddings ? "tied" : "not tied")}; "
                + $"contexts up to {model.MaxContextTokens:N0} tokens{LogitCap(model)}.",
            $"Parameters: {counted:N0} ({published}).",
        ];
        if (model.Layers.Any(layer => layer.FeedForward is MixtureOfExperts))
        {
            lines.Add($"Parameters that one token's step computes with: {ModelParameters.CountActive(model):N0}.");
        }

        if (model.QuantizedParts == QuantizedParts.Experts)
        {
            lines.Add(
                "Weights of less than sixteen bits are those of the experts; the rest stays in bf16, as it is published."
            );
        }

        foreach (IGrouping<LayerShape, int> layers in LayersByShape(model))
        {
            lines.Add(
                $"{LayerNumbers(layers, model)}: {LayerWords.Of(layers.Key.Attention)}; {LayerWords.Of(layers.Key.FeedForward)}."
            );
        }

        if (HasWindows(model))
        {
            lines.Add(
                "KV per token is what a token adds while every layer keeps it, KV beyond windows what it adds once windows are full. "
                    + $"A sequence of {model.MaxContextTokens:N0} tokens holds {Quantity.Bytes(LongestCacheBytes(model))} in bf16."
            );
        }

        lines.Add($"Source: {model.Source}.");
        return lines;
    }

    private static string LogitCap(ModelShape model) =>
        model.LogitSoftCap is double cap ? $"; logits capped at {cap}" : "";

    private static IEnumerable<IGrouping<LayerShape, int>> LayersByShape(ModelShape model) =>
        Enumerable.Range(0, model.Layers.Length).GroupBy(layer => model.Layers[layer]);

    /// <summary>How many layers have a shape, and the first of them, from 0.</summary>
    private static string LayerNumbers(IGrouping<LayerShape, int> layers, ModelShape model)
    {
        int count = layers.Count();
        return count == model.Layers.Length
            ? "All layers"
            : $"{count} layers, the first of them layer {layers.First()}";
    }

    private static bool HasWindows(ModelShape model) =>
        model.Layers.Any(layer => layer.Attention.Forgets(model.MaxContextTokens));

    /// <summary>The weights of the whole model on one device; context and KV format have no part in them.</summary>
    private static long WeightBytes(ModelShape model, WeightFormat format) =>
        Memory(model, format, KvFormat.Fp16, 1).WeightBytes;

    /// <summary>What a sequence of the longest context holds in a 16-bit cache.</summary>
    private static long LongestCacheBytes(ModelShape model) =>
        Memory(model, WeightFormat.Bf16, KvFormat.Bf16, model.MaxContextTokens).KvBytes;

    private static MemoryFootprint Memory(ModelShape model, WeightFormat format, KvFormat kv, int context)
    {
        var formats = new StepFormats
        {
            Weights = format,
            LmHead = StepFormats.DefaultLmHead(format),
            Kv = kv,
            Activations = ActivationFormat.Bf16,
        };
        return DecodeStepPlan.Create(model, StepConditions.Uniform(formats, 1, context)).Memory;
    }

    private static string Architecture(ModelShape model) => model.Architecture.ModelType();

    private static ResultCell LmHead(WeightFormat? format) =>
        format is WeightFormat known ? ResultCell.Of(StepFormats.DefaultLmHead(known).Name()) : ResultCell.None;

    private static ResultCell Billions(long count) => ResultCell.Of(count, value => Quantity.Digits(value / 1e9));

    private static ResultCell Bytes(long bytes) => ResultCell.Of(bytes, value => Quantity.Bytes(value));
}
