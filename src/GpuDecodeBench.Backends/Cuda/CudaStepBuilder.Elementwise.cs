using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>Operations that treat each token's row on its own.</summary>
internal sealed partial class CudaStepBuilder
{
    /// <summary>Elements that a thread takes: 16 bytes.</summary>
    private const int Piece = 8;

    private const int ElementThreads = 256;
    private const int EmbeddingThreads = 128;
    private const int NormThreads = 1024;
    private const int HeadNormThreads = 128;
    private const int RopeThreads = 128;
    private const int AppendThreads = 128;
    private const int ArgmaxThreads = 256;

    /// <summary>Blocks that share a row of logits, at most.</summary>
    private const int ArgmaxBlocks = 64;

    /// <summary>Two numbers of 64 bits a token.</summary>
    private const int ArgmaxScratchBytes = 16;

    private CudaWork Elementwise(PlanOperation operation) =>
        operation.Kind switch
        {
            OperationKind.RmsNorm => RmsNorm(operation, Input(operation), Output(operation), operation.OutputWidth, 0),
            OperationKind.LatentNorm => LatentNorm(operation),
            OperationKind.HeadNorm => HeadNorm(operation),
            OperationKind.Rope => Rope(operation),
            OperationKind.KvAppend => KvAppend(operation),
            OperationKind.Residual => Residual(operation),
            OperationKind.GatedActivation => GatedActivation(operation),
            OperationKind.SoftCap => SoftCap(operation),
            _ => throw new NotSupportedException($"The CUDA backend has no operation {operation.Kind}."),
        };

    /// <summary>A thread for each piece of a row, if a block can have so many.</summary>
    private static int NormThreadsOf(int width) => Math.Min(NormThreads, DivideUp(width, 32 * Piece) * 32);

    private static int DivideUp(long value, int divisor) => checked((int)((value + divisor - 1) / divisor));

    private CudaWork Embedding(PlanOperation operation)
    {
        CudaMatrices table = model.Matrices(operation.Weight!);
        CudaRows output = Output(operation);
        string format = table.Layout.Matrix.Format.Name();
        return CudaWork.Of(
            operation,
            Launch(
                "embedding",
                $"embedding_{format}",
                new CudaDim3(DivideUp(table.Layout.Chunks, EmbeddingThreads), _batch),
                EmbeddingThreads
            ),
            new EmbeddingArguments
            {
                Table = table.Arguments,
                Tokens = memory.Tokens,
                Y = output.Address,
                Scale = (float)memory.Plan.Model.EmbeddingScale,
                YStride = output.Stride,
            }
        );
    }

    private CudaWork RmsNorm(PlanOperation operation, CudaRows input, CudaRows output, int width, int offset) =>
        CudaWork.Of(
            operation,
            Launch("rms_norm", "rms_norm", new CudaDim3(_batch), NormThreadsOf(width)),
            new RmsNormArguments
            {
                X = input.Address,
                Y = output.Address,
                Weight = model.Vector(operation.Weight!).Address,
                Epsilon = _epsilon,
                Width = width,
                XStride = input.Stride,
                YStride = output.Stride,
                XOffset = offset,
                YOffset = offset,
            }
        );

    private CudaWork LatentNorm(PlanOperation operation)
    {
        var attention = (MultiHeadLatentAttention)LayerOf(operation).Attention;
        CudaRows rows = Output(operation);
        int first = operation.OutputWidth - attention.CachedDimension;
        return RmsNorm(operation, rows, rows, attention.LatentDimension, first);
    }

    private CudaWork HeadNorm(PlanOperation operation)
    {
        var attention = (GroupedQueryAttention)LayerOf(operation).Attention;
        CudaRows rows = Output(operation);
        int heads = attention.Heads + attention.KvHeads;
        return CudaWork.Of(
            operation,
            Launch(
                "rms_norm",
                "head_norm",
                new CudaDim3(DivideUp(heads, HeadNormThreads / 32), _batch),
                HeadNormThreads
            ),
            new HeadNormArguments
            {
                Rows = rows.Address,
                QueryWeight = model.Vector(operation.Weight!).Address,
                KeyWeight = model.Vector(operation.SecondWeight!).Address,
                Epsilon = _epsilon,
                Stride = rows.Stride,
                Heads = heads,
                QueryHeads = attention.Heads,
                Dimension = attention.HeadDimension,
            }
        );
    }

    private CudaWork Rope(PlanOperation operation)
    {
        RotarySpan span = operation.Rotary!.Value;
        CudaRows rows = Output(operation);
        int pieces = DivideUp(span.Dimensions / 2, Piece);
        return CudaWork.Of(
            operation,
            Launch("rope", "rope", new CudaDim3(DivideUp((long)span.Heads * pieces, RopeThreads), _batch), RopeThreads),
            new RopeArguments
            {
                Rows = rows.Address,
                Table = memory.Rotations(LayerOf(operation).Attention),
                Stride = rows.Stride,
                Heads = span.Heads,
                HeadStride = span.HeadStride,
                Offset = span.Offset,
                Dimensions = span.Dimensions,
            }
        );
    }

    private CudaWork KvAppend(PlanOperation operation)
    {
        KvLayout layout = memory.Cache(operation.Layer!.Value).Layout;
        return CudaWork.Of(
            operation,
            Launch(
                "kv_append",
                $"kv_append_{layout.Format.Name()}",
                new CudaDim3(DivideUp((long)layout.KvHeads * layout.VectorsPerHead, AppendThreads / 32), _batch),
                AppendThreads
            ),
            AppendArguments(operation)
        );
    }

    private KvAppendArguments AppendArguments(PlanOperation operation)
    {
        CudaKvCache cache = memory.Cache(operation.Layer!.Value);
        CudaRows rows = Input(operation);
        KvLayout layout = cache.Layout;
        (int keyOffset, int valueOffset) = LayerOf(operation).Attention switch
        {
            GroupedQueryAttention grouped => (
                grouped.Heads * grouped.HeadDimension,
                (grouped.Heads + grouped.KvHeads) * grouped.HeadDimension
            ),
            MultiHeadLatentAttention latent => (rows.Width - latent.CachedDimension, 0),
            _ => throw new NotSupportedException("The CUDA backend cannot store this attention's keys."),
        };
        return new KvAppendArguments
        {
            Rows = rows.Address,
            Cache = cache.Address,
            Slots = memory.NewSlots,
            KeyScale = cache.KeyScale,
            ValueScale = cache.ValueScale,
            Stride = rows.Stride,
            KeyOffset = keyOffset,
            ValueOffset = valueOffset,
            Heads = layout.KvHeads,
            Dimension = layout.HeadDimension,
            Latent = layout.IsLatent ? 1 : 0,
        };
    }

    private CudaWork Argmax(PlanOperation operation)
    {
        CudaRows logits = Input(operation);
        return CudaWork.Of(
            operation,
            Launch(
                "argmax",
                "argmax",
                new CudaDim3(Math.Min(DivideUp(logits.Width, ArgmaxThreads * Piece), ArgmaxBlocks), _batch),
                ArgmaxThreads
            ),
            new ArgmaxArguments
            {
                Logits = logits.Address,
                Y = memory.NextTokens,
                Scratch = memory.Scratch("argmax", _batch * ArgmaxScratchBytes),
                Stride = logits.Stride,
                Width = logits.Width,
            }
        );
    }

    private CudaWork Residual(PlanOperation operation)
    {
        CudaRows delta = Input(operation);
        CudaRows hidden = Output(operation);
        return CudaWork.Of(
            operation,
            Launch("elementwise", "residual", ElementGrid(operation.OutputWidth, _batch), ElementThreads),
            new ResidualArguments
            {
                Hidden = hidden.Address,
                Delta = delta.Address,
                HiddenStride = hidden.Stride,
                DeltaStride = delta.Stride,
                Width = operation.OutputWidth,
            }
        );
    }

    private CudaWork GatedActivation(PlanOperation operation)
    {
        CudaRows input = Input(operation);
        CudaRows output = Output(operation);
        string kernel = LayerOf(operation).FeedForward.Activation switch
        {
            GatedActivationKind.Silu => "gated_activation_silu",
            GatedActivationKind.GeluTanh => "gated_activation_gelu_tanh",
            GatedActivationKind.ClampedSwiGlu => "gated_activation_clamped_swiglu",
            GatedActivationKind other => throw new NotSupportedException(
                $"The CUDA backend has no activation {other}."
            ),
        };
        return CudaWork.Of(
            operation,
            Launch("elementwise", kernel, ElementGrid(output.Width, output.Rows), ElementThreads),
            new GatedActivationArguments
            {
                X = input.Address,
                Y = output.Address,
                XStride = input.Stride,
                YStride = output.Stride,
                Width = output.Width,
            }
        );
    }

    private CudaWork SoftCap(PlanOperation operation)
    {
        CudaRows rows = Output(operation);
        return CudaWork.Of(
            operation,
            Launch("elementwise", "soft_cap", ElementGrid(operation.OutputWidth, _batch), ElementThreads),
            new SoftCapArguments
            {
                Rows = rows.Address,
                Cap = (float)memory.Plan.Model.LogitSoftCap!.Value,
                Stride = rows.Stride,
                Width = operation.OutputWidth,
            }
        );
    }

    private CudaWork CopyHeads(PlanOperation operation, CopyPlace source, CopyPlace target, int heads, int columns) =>
        CudaWork.Of(
            operation,
            Launch(
                "elementwise",
                "copy_heads",
                new CudaDim3(DivideUp((long)heads * DivideUp(columns, Piece), ElementThreads), _batch),
                ElementThreads
            ),
            new CopyHeadsArguments
            {
                Source = source.Address,
                Target = target.Address,
                SourceStride = source.TokenStride,
                TargetStride = target.TokenStride,
                SourceHeadStride = source.HeadStride,
                TargetHeadStride = target.HeadStride,
                SourceOffset = source.Offset,
                TargetOffset = target.Offset,
                Columns = columns,
                Heads = heads,
            }
        );

    private static CudaDim3 ElementGrid(int width, int rows) => new(DivideUp(width, ElementThreads * Piece), rows);
}
