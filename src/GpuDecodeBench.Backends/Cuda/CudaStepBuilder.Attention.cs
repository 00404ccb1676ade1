using System.Globalization;
using System.Numerics;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>Attention over the paged cache.</summary>
internal sealed partial class CudaStepBuilder
{
    private const int AttentionThreads = 128;

    private IEnumerable<CudaWork> Attention(PlanOperation operation)
    {
        AttentionShape attention = LayerOf(operation).Attention;
        CudaKvCache cache = memory.Cache(operation.Layer!.Value);
        IReadOnlyList<int> contexts = memory.Plan.Conditions.ContextTokens;
        AttentionChoice choice = choices.Choose(
            operation,
            "attention",
            AttentionChoice.Shape(attention, cache.Layout, contexts),
            AttentionChoice.Candidates(
                attention,
                cache.Layout,
                contexts,
                device.Kernels.HasMatrixInstructions,
                BlocksAtOnce
            )
        );
        AttentionArguments arguments = AttentionArgumentsOf(operation, attention, cache, choice);
        yield return CudaWork.Of(
            operation,
            Launch(choice.Module, choice.Kernel, choice.Grid(_batch), choice.Threads),
            arguments
        );
        if (choice.Splits > 1)
        {
            yield return CudaWork.Of(
                operation,
                Launch(
                    "attention_combine",
                    "attention_combine",
                    new CudaDim3(attention.Heads, _batch),
                    AttentionThreads
                ),
                arguments
            );
        }
    }

    /// <summary>What the driver says of a kernel, since registers decide how many of its blocks run side by side.</summary>
    private int BlocksAtOnce(string module, string kernel, int threads) =>
        device.Kernels.Get(module, kernel).Occupancy(threads, dynamicShared: 0)
        * device.Information.MultiprocessorCount;

    private AttentionArguments AttentionArgumentsOf(
        PlanOperation operation,
        AttentionShape attention,
        CudaKvCache cache,
        AttentionChoice choice
    )
    {
        CudaRows queries = Input(operation);
        CudaRows output = Output(operation);
        int valueDimension = operation.OutputWidth / attention.Heads;
        long parts = (long)_batch * attention.Heads * choice.Splits;
        return new AttentionArguments
        {
            Queries = queries.Address,
            Output = output.Address,
            Cache = cache.Address,
            Contexts = memory.Contexts,
            BlockTables = memory.BlockTables,
            Sinks = VectorOrNull(operation.Weight),
            Partials =
                choice.Splits > 1
                    ? memory.Scratch(CudaStepMemory.AttentionPartials, parts * (valueDimension + 2) * sizeof(float))
                    : 0,
            PageBytes = (ulong)cache.PageBytes,
            HeadBytes = cache.HeadBytes,
            QueryStride = queries.Stride,
            OutputStride = output.Stride,
            MaxBlocks = memory.TableBlocks,
            BlockPagesLog2 = BitOperations.Log2((uint)memory.Slots.PagesPerBlock),
            Tokens = _batch,
            Heads = attention.Heads,
            KvHeads = cache.Layout.KvHeads,
            Dimension = cache.Layout.HeadDimension,
            ValueDimension = valueDimension,
            Window = attention.Window ?? 0,
            Splits = choice.Splits,
            ScoreScale = (float)attention.ScoreScale,
            SoftCap = (float)((attention as GroupedQueryAttention)?.LogitSoftCap ?? 0),
            KeyScale = cache.KeyScale,
            ValueScale = cache.ValueScale,
        };
    }
}
