using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>By what operations of different runs are matched: what their time depends on, and nothing else.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Operation">The operation's name.</param>
/// <param name="Format">The format of what it reads, weights or KV; null where it reads neither.</param>
/// <param name="Batch">Sequences decoded together.</param>
/// <param name="Context">Tokens of context; null where the operation does not depend on it.</param>
/// <param name="TensorParallel">Devices that each layer is split over.</param>
public sealed record OperationConditions(
    string Model,
    string Operation,
    string? Format,
    int Batch,
    int? Context,
    int TensorParallel
)
{
    private const string LmHead = "lm_head";

    /// <summary>In words, for example <c>lm_head, bf16, batch 1 (llama-3.2-1b)</c>.</summary>
    public override string ToString()
    {
        string format = Format is null ? "" : $", {Format}";
        string context = Context is null ? "" : $", context {Context}";
        string devices = TensorParallel == 1 ? "" : $", {TensorParallel} devices";
        return $"{Operation}{format}, batch {Batch}{context}{devices} ({Model})";
    }

    /// <summary>The conditions of an operation of a point.</summary>
    /// <param name="record">Its run.</param>
    /// <param name="point">The point.</param>
    /// <param name="operation">The operation.</param>
    public static OperationConditions Of(RunRecord record, PointRecord point, OperationRecord operation)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(operation);
        bool readsCache = operation.Kind is "attention" or "kvAppend";
        string? format = operation.Kind switch
        {
            _ when readsCache => point.Kv,
            "linear" when operation.Name == LmHead => point.LmHead,
            "linear" or "expertLinear" => point.Weights,
            _ => null,
        };
        return new(
            record.Model.Name,
            operation.Name,
            format,
            point.Batch,
            readsCache ? point.Context : null,
            point.TensorParallel
        );
    }
}
