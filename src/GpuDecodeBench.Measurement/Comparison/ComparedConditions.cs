using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>By what points of different runs are matched.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Weights">The weight format's name.</param>
/// <param name="LmHead">The weight format's name of the LM head.</param>
/// <param name="Kv">The KV format's name.</param>
/// <param name="KvBlockTokens">Tokens in a block of the KV cache.</param>
/// <param name="Batch">Sequences decoded together.</param>
/// <param name="Context">Tokens of context of each sequence.</param>
/// <param name="TensorParallel">Devices that each layer is split over.</param>
public sealed record ComparedConditions(
    string Model,
    string Weights,
    string LmHead,
    string Kv,
    int KvBlockTokens,
    int Batch,
    int Context,
    int TensorParallel
)
{
    /// <summary>The conditions of a point.</summary>
    /// <param name="record">Its run.</param>
    /// <param name="point">The point.</param>
    public static ComparedConditions Of(RunRecord record, PointRecord point)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(point);
        return new(
            record.Model.Name,
            point.Weights,
            point.LmHead,
            point.Kv,
            point.KvBlockTokens ?? PointRecord.KvBlockTokensUnlessSaid,
            point.Batch,
            point.Context,
            point.TensorParallel
        );
    }

    /// <summary>These conditions with every format left open.</summary>
    internal ComparedConditions WithoutFormats() => this with { Weights = "", LmHead = "", Kv = "", KvBlockTokens = 0 };

    /// <summary>In words, for example <c>llama-3.2-1b, int4 weights, bf16 KV, batch 1, context 1024</c>.</summary>
    public override string ToString()
    {
        string block = KvBlockTokens == PointRecord.KvBlockTokensUnlessSaid ? "" : $" in blocks of {KvBlockTokens}";
        string devices = TensorParallel == 1 ? "" : $", {TensorParallel} devices";
        return $"{Model}, {Weights} weights, {Kv} KV{block}, batch {Batch}, context {Context}{devices}";
    }
}
