using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>Operations that follow one another and share a launch.</summary>
internal sealed partial class CudaStepBuilder
{
    /// <summary>Elements of a row that kernels/rms_norm.cu keeps in registers.</summary>
    private const int MostNormElements = 2 * NormThreads * Piece;

    /// <summary>Elements of a head that kernels/rope_append.cu has room for.</summary>
    private const int MostHeadElements = 1024;

    private const int RopeAppendThreads = 128;

    /// <summary>The launch that the first of these operations share; null where the first has its own.</summary>
    private CudaWork? Fused(ReadOnlySpan<PlanOperation> rest) =>
        ResidualNorm(rest) ?? RopeAppend(rest) ?? RopesAppend(rest) ?? GatedLinear(rest);

    private static bool Begins(ReadOnlySpan<PlanOperation> rest, params ReadOnlySpan<OperationKind> kinds)
    {
        for (int i = 0; i < kinds.Length; i++)
        {
            if (i >= rest.Length || rest[i].Kind != kinds[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The norm of what is added where there is one, the sum, and the sum's norm for the next part.</summary>
    private CudaWork? ResidualNorm(ReadOnlySpan<PlanOperation> rest)
    {
        bool hasDeltaNorm = Begins(rest, OperationKind.RmsNorm, OperationKind.Residual, OperationKind.RmsNorm);
        int first = hasDeltaNorm ? 1 : 0;
        if (
            !Begins(rest[first..], OperationKind.Residual, OperationKind.RmsNorm)
            || rest[first].OutputWidth > MostNormElements
        )
        {
            return null;
        }

        PlanOperation norm = rest[first + 1];
        CudaRows hidden = Output(rest[first]);
        CudaRows delta = Input(rest[first]);
        CudaRows normed = Output(norm);
        var arguments = new ResidualNormArguments
        {
            Hidden = hidden.Address,
            Delta = delta.Address,
            Y = normed.Address,
            Weight = model.Vector(norm.Weight!).Address,
            DeltaWeight = hasDeltaNorm ? model.Vector(rest[0].Weight!).Address : 0,
            Epsilon = _epsilon,
            Width = norm.OutputWidth,
            HiddenStride = hidden.Stride,
            DeltaStride = delta.Stride,
            YStride = normed.Stride,
        };
        return CudaWork.Of(
            rest[..(first + 2)],
            Launch("rms_norm", "residual_norm", new CudaDim3(_batch), NormThreadsOf(norm.OutputWidth)),
            arguments,
            arguments with
            {
                NormedDelta = hasDeltaNorm ? delta.Address : 0,
            }
        );
    }

    /// <summary>Whether a product's rows are gates and ups in whole tiles, which one block can join.</summary>
    private static bool CanJoin(PlanOperation operation) =>
        operation.Output is StepBuffer.GateUp or StepBuffer.SharedGateUp or StepBuffer.ExpertGateUp
        && operation.Weight!.Layout.Rows % (2 * TileLayout.TileRows) == 0;

    /// <summary>Gates and ups, and the activation that joins them.</summary>
    private CudaWork? GatedLinear(ReadOnlySpan<PlanOperation> rest)
    {
        if (
            rest.Length < 2
            || rest[1].Kind != OperationKind.GatedActivation
            || rest[1].Input != rest[0].Output
            || !CanJoin(rest[0])
        )
        {
            return null;
        }

        CudaRows gated = Output(rest[1]);
        LinearArguments traced = ArgumentsOf(rest[0]) with
        {
            Gate = LayerOf(rest[0]).FeedForward.Activation switch
            {
                GatedActivationKind.Silu => 0,
                GatedActivationKind.GeluTanh => 1,
                GatedActivationKind.ClampedSwiGlu => 2,
                GatedActivationKind other => throw new NotSupportedException(
                    $"The CUDA backend has no activation {other}."
                ),
            },
            GatedStride = gated.Stride,
            Gated = gated.Address,
        };
        return LinearWork(rest[..2], traced with { Y = 0 }, traced);
    }

    /// <summary>Grouped attention: head norms where there are any, the rotation, and the cache.</summary>
    private CudaWork? RopeAppend(ReadOnlySpan<PlanOperation> rest)
    {
        bool hasNorm = Begins(rest, OperationKind.HeadNorm, OperationKind.Rope, OperationKind.KvAppend);
        int first = hasNorm ? 1 : 0;
        if (
            !Begins(rest[first..], OperationKind.Rope, OperationKind.KvAppend)
            || LayerOf(rest[0]).Attention is not GroupedQueryAttention { HeadDimension: <= MostHeadElements } attention
        )
        {
            return null;
        }

        int dimension = attention.HeadDimension;
        CudaRows rows = Output(rest[0]);
        RopeAppendArguments arguments = Appending(rest[first + 1], rest[first].Rotary!.Value.Dimensions) with
        {
            Queries = rows.Address,
            QueryWeight = hasNorm ? model.Vector(rest[0].Weight!).Address : 0,
            KeyWeight = hasNorm ? model.Vector(rest[0].SecondWeight!).Address : 0,
            Epsilon = _epsilon,
            QueryStride = rows.Stride,
            QueryHeads = attention.Heads,
            QueryHeadStride = dimension,
            QueryWidth = hasNorm ? dimension : rest[first].Rotary!.Value.Dimensions,
        };
        if (!hasNorm)
        {
            return RopeAppendWork(rest[..2], arguments, null);
        }

        var tap = new CudaTap(rest[0], memory.Copy(rows.Role), (attention.Heads + attention.KvHeads) * dimension);
        return RopeAppendWork(rest[..3], arguments, tap);
    }

    /// <summary>Latent attention: queries and keys lie apart.</summary>
    private CudaWork? RopesAppend(ReadOnlySpan<PlanOperation> rest)
    {
        if (
            !Begins(rest, OperationKind.Rope, OperationKind.Rope, OperationKind.KvAppend)
            || LayerOf(rest[0]).Attention
                is not MultiHeadLatentAttention { CachedDimension: <= MostHeadElements } latent
        )
        {
            return null;
        }

        CudaRows queries = Output(rest[0]);
        RotarySpan span = rest[0].Rotary!.Value;
        RopeAppendArguments arguments = Appending(rest[2], span.Dimensions) with
        {
            Queries = queries.Address,
            QueryStride = queries.Stride,
            QueryHeads = span.Heads,
            QueryHeadStride = span.HeadStride,
            QueryOffset = span.Offset,
            QueryWidth = span.Dimensions,
            KeyRotated = latent.CachedDimension - span.Dimensions,
        };
        return RopeAppendWork(rest[..3], arguments, null);
    }

    private RopeAppendArguments Appending(PlanOperation append, int rotated)
    {
        KvAppendArguments arguments = AppendArguments(append);
        return new RopeAppendArguments
        {
            Rows = arguments.Rows,
            Cache = arguments.Cache,
            Slots = arguments.Slots,
            Table = memory.Rotations(LayerOf(append).Attention),
            KeyScale = arguments.KeyScale,
            ValueScale = arguments.ValueScale,
            Stride = arguments.Stride,
            KeyOffset = arguments.KeyOffset,
            ValueOffset = arguments.ValueOffset,
            Heads = arguments.Heads,
            Dimension = arguments.Dimension,
            Dimensions = rotated,
            Latent = arguments.Latent,
        };
    }

    private CudaWork RopeAppendWork(ReadOnlySpan<PlanOperation> operations, RopeAppendArguments arguments, CudaTap? tap)
    {
        KvLayout layout = memory.Cache(operations[0].Layer!.Value).Layout;
        long vectors = arguments.QueryHeads + ((long)layout.KvHeads * layout.VectorsPerHead);
        CudaLaunch launch = Launch(
            "rope_append",
            $"rope_append_{layout.Format.Name()}",
            new CudaDim3(DivideUp(vectors, RopeAppendThreads / 32), _batch),
            RopeAppendThreads
        );
        RopeAppendArguments traced = arguments with { Normed = tap?.Rows.Address ?? 0 };
        return CudaWork.Of(operations, launch, arguments, traced) with { Tap = tap };
    }
}
