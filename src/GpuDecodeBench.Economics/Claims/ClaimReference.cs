using System.Globalization;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Claims;

/// <summary>
/// References into the catalogues, resolved when a claim is audited, so that a claim holds against what the catalogue says now:
/// <c>hardware:h200.memoryBytesPerSecond</c>, <c>model:llama-3.1-70b.kvBytesPerToken(fp8)</c>,
/// <c>plan:llama-3.1-70b(fp8,fp8,1,2048).flops</c> (weights, KV, batch, context) and <c>price:h100.usdPerHour</c>.
/// </summary>
internal static class ClaimReference
{
    private const string Forms =
        "hardware:NAME.FIELD, model:NAME.MEMBER, plan:NAME(WEIGHTS,KV,BATCH,CONTEXT).MEMBER, price:NAME.usdPerHour";

    private sealed record Parts(string Kind, string Name, string[] Arguments, string Member, string? Argument);

    /// <summary>A value that a catalogue gives, with its unit and where it stands.</summary>
    public sealed record Resolved(double Value, string Unit, string Source);

    /// <summary>Checks a reference's form.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static bool Check(string reference) => Split(reference) is not null;

    /// <summary>Every value that the catalogue gives: several where its sources disagree, the one that is used first.</summary>
    /// <exception cref="FormatException">The reference names nothing.</exception>
    /// <exception cref="Workload.InputException">The catalogue has no such device or model.</exception>
    public static IReadOnlyList<Resolved> Resolve(string reference)
    {
        Parts parts = Split(reference);
        Resolved[] found = parts.Kind switch
        {
            "hardware" => Hardware(parts),
            "model" => [Model(parts, reference)],
            "plan" => [Plan(parts, reference)],
            _ => Price(parts),
        };
        return found.Length > 0 ? found : throw new FormatException($"The catalogue has no value for '{reference}'.");
    }

    private static Parts Split(string reference)
    {
        int colon = reference.IndexOf(':', StringComparison.Ordinal);
        int end = reference.EndsWith(')') ? reference.LastIndexOf('(') : reference.Length;
        int point = end > 0 ? reference.LastIndexOf('.', end - 1) : -1;
        string kind = colon > 0 ? reference[..colon] : "";
        if (kind is not ("hardware" or "model" or "plan" or "price") || point < colon)
        {
            throw new FormatException($"'{reference}' is no reference; accepted are {Forms}.");
        }

        string subject = reference[(colon + 1)..point];
        string[] arguments = [];
        if (subject.EndsWith(')') && subject.IndexOf('(', StringComparison.Ordinal) is int open and >= 0)
        {
            arguments = subject[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
            subject = subject[..open];
        }

        string? argument = end < reference.Length ? reference[(end + 1)..^1] : null;
        return new Parts(kind, subject, arguments, reference[(point + 1)..end], argument);
    }

    private static Resolved[] Hardware(Parts parts)
    {
        HardwareEntry entry = HardwareCatalogue.Find(parts.Name);
        (IReadOnlyList<SourcedValue> values, string unit) = parts.Member switch
        {
            "memoryBytesPerSecond" => (entry.MemoryBytesPerSecond, "B/s"),
            "memoryBytes" => (entry.MemoryBytes, "B"),
            "bf16FlopsPerSecond" => (entry.Bf16FlopsPerSecond, "FLOP/s"),
            "fp8FlopsPerSecond" => (entry.Fp8FlopsPerSecond, "FLOP/s"),
            "fp4FlopsPerSecond" => (entry.Fp4FlopsPerSecond, "FLOP/s"),
            "tdpWatts" => (entry.TdpWatts, "W"),
            "linkBytesPerSecond" => (entry.LinkBytesPerSecond, "B/s"),
            _ => throw new FormatException($"The hardware catalogue has no field '{parts.Member}'."),
        };
        return [.. values.Select(value => new Resolved(value.Value, unit, $"{entry.Name} by {value.Source}"))];
    }

    private static Resolved Model(Parts parts, string reference)
    {
        ModelShape model = ModelCatalogue.Find(parts.Name);
        AttentionShape attention = model.Layers[0].Attention;
        (double value, string unit) = parts.Member switch
        {
            "parameters" => (ModelParameters.Count(model), "1"),
            "activeParameters" => (ModelParameters.CountActive(model), "1"),
            "layers" => (model.Layers.Length, "1"),
            "hiddenSize" => (model.HiddenSize, "1"),
            "heads" => (attention.Heads, "1"),
            "kvHeads" when attention is GroupedQueryAttention grouped => (grouped.KvHeads, "1"),
            "kvBytesPerToken" => (
                (double)ModelParameters.KvBytesPerToken(model, Kv(parts.Argument, reference)),
                "B/tok"
            ),
            _ => throw new FormatException($"'{reference}' names nothing of a model."),
        };
        return new Resolved(value, unit, $"the shape of {model.Name}");
    }

    private static Resolved Plan(Parts parts, string reference)
    {
        if (
            parts.Arguments.Length != 4
            || !FormatNames.TryParseWeightFormat(parts.Arguments[0], out WeightFormat weights)
            || !int.TryParse(parts.Arguments[2], NumberStyles.None, CultureInfo.InvariantCulture, out int batch)
            || !int.TryParse(parts.Arguments[3], NumberStyles.None, CultureInfo.InvariantCulture, out int context)
        )
        {
            throw new FormatException($"'{reference}' is no reference; accepted are {Forms}.");
        }

        var formats = new StepFormats
        {
            Weights = weights,
            LmHead = StepFormats.DefaultLmHead(weights),
            Kv = Kv(parts.Arguments[1], reference),
            Activations = ActivationFormat.Bf16,
        };
        StepTotals totals = DecodeStepPlan
            .Create(ModelCatalogue.Find(parts.Name), StepConditions.Uniform(formats, batch, context))
            .Totals;
        (double value, string unit) = parts.Member switch
        {
            "flops" => (totals.Flops, "FLOP"),
            "weightBytes" => (totals.WeightReadBytes, "B"),
            "kvBytes" => (totals.KvReadBytes, "B"),
            "compulsoryBytes" => (totals.CompulsoryReadBytes, "B"),
            "activationBytes" => (totals.ActivationReadBytes, "B"),
            "weightShare" => ((double)totals.WeightReadBytes / totals.CompulsoryReadBytes, "1"),
            "flopsPerByte" => ((double)totals.Flops / totals.CompulsoryReadBytes, "FLOP/B"),
            _ => throw new FormatException($"'{reference}' names nothing of a plan."),
        };
        return new Resolved(value, unit, $"the plan of {parts.Name} ({string.Join(", ", parts.Arguments)})");
    }

    private static Resolved[] Price(Parts parts)
    {
        if (parts.Member != "usdPerHour")
        {
            throw new FormatException($"The price catalogue has no field '{parts.Member}'.");
        }

        Figure price = PriceCatalogue.Find(HardwareCatalogue.Find(parts.Name));
        return price.Value is double usd ? [new Resolved(usd, "$/h", price.Provenance.Source!)] : [];
    }

    private static KvFormat Kv(string? name, string reference) =>
        FormatNames.TryParseKvFormat(name, out KvFormat format)
            ? format
            : throw new FormatException($"'{reference}' needs one of the formats {FormatNames.KvNames}.");
}
