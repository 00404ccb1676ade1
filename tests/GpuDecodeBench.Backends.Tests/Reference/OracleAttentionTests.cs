using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Tests.Reference;

/// <summary>
/// The oracle makes keys and values tile by tile on many threads; to the last bit it must give what one pass over all of them gives.
/// </summary>
public sealed class OracleAttentionTests
{
    private const ulong Seed = 31;

    public static TheoryData<string, KvFormat> Cases
    {
        get
        {
            var cases = new TheoryData<string, KvFormat>();
            foreach (KvFormat format in FormatNames.AllKvFormats)
            {
                cases.Add(TestModels.Regular.Name, format);
            }

            cases.Add(TestModels.Everything.Name, KvFormat.Bf16);
            cases.Add(TestArchitectures.DeepSeek.Name, KvFormat.Int8);
            cases.Add(TestArchitectures.GptOss.Name, KvFormat.Fp8);
            cases.Add(TestArchitectures.Gemma2.Name, KvFormat.Fp16);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TilesAndThreadsChangeNoBit(string name, KvFormat format)
    {
        // Below a tile, a tile and one, and beyond what is in memory at a time.
        ModelShape model = TestModels.ByName(name) with
        {
            MaxContextTokens = 10_000,
        };
        DecodeStepPlan plan = TestModels.Plan(model, kv: format, contexts: [5, 257, 9001]);
        StepInputs inputs = StepInputs.Synthetic(plan, Seed);
        var random = new Random(4);
        var state = new StepState(plan, inputs);
        foreach (PlanOperation operation in plan.Operations.Where(each => each.Kind == OperationKind.Attention))
        {
            int layer = operation.Layer!.Value;
            KvLayout layout = plan.KvLayoutOf(layer);
            int width = (int)plan.BufferElements(operation.Input) / state.Batch;
            state.Set(
                operation.Input,
                [.. Enumerable.Range(0, width * state.Batch).Select(_ => random.NextDouble() - 0.5)]
            );
            Append(state, plan, layer, random);
            int[] elements = [.. Enumerable.Range(0, operation.OutputWidth)];
            var actual = new double[elements.Length * state.Batch];
            new StepOracle(plan, Seed, inputs).Expect(operation, state, [0, 1, 2], elements, actual);
            for (int sequence = 0; sequence < state.Batch; sequence++)
            {
                double[] expected = InOnePass(plan, operation, state, sequence, layout);
                Assert.Equal(expected, actual[(sequence * elements.Length)..((sequence + 1) * elements.Length)]);
            }
        }
    }

    private static void Append(StepState state, DecodeStepPlan plan, int layer, Random random)
    {
        var synthetic = new SyntheticKv(Seed + 1, layer, plan.KvLayoutOf(layer));
        for (int sequence = 0; sequence < state.Batch; sequence++)
        {
            for (int head = 0; head < synthetic.Layout.KvHeads; head++)
            {
                foreach (bool isValue in (bool[])[false, true])
                {
                    var codes = new byte[synthetic.Layout.HeadDimension * synthetic.Layout.BytesPerElement];
                    ushort scale = synthetic.FillHead(sequence, random.Next(1000), head, isValue, codes);
                    state.SetAppended(sequence, head, isValue, codes, scale);
                }
            }
        }
    }

    private static double[] InOnePass(
        DecodeStepPlan plan,
        PlanOperation operation,
        StepState state,
        int sequence,
        KvLayout layout
    )
    {
        AttentionShape attention = plan.Model.Layers[operation.Layer!.Value].Attention;
        int dimension = layout.HeadDimension;
        int valueDimension = operation.OutputWidth / attention.Heads;
        var result = new double[operation.OutputWidth];
        double[]? sinks = null;
        if (operation.Weight is { } tensor)
        {
            sinks = new double[tensor.Layout.Columns];
            new SyntheticMatrix(Seed, tensor).DecodeRow(0, sinks);
        }

        for (int head = 0; head < attention.Heads; head++)
        {
            int kvHead = head / (attention.Heads / layout.KvHeads);
            double[] keys = Span(plan, operation, state, sequence, kvHead, isValue: false);
            double[] values = layout.IsLatent ? keys : Span(plan, operation, state, sequence, kvHead, isValue: true);
            ReferenceMath.Attention(
                state.Row(operation.Input, sequence).Slice(head * dimension, dimension),
                keys,
                values,
                dimension,
                new AttentionScoring(
                    attention.ScoreScale,
                    (attention as GroupedQueryAttention)?.LogitSoftCap,
                    sinks?[head]
                ),
                result.AsSpan(head * valueDimension, valueDimension)
            );
        }

        return result;
    }

    private static double[] Span(
        DecodeStepPlan plan,
        PlanOperation operation,
        StepState state,
        int sequence,
        int kvHead,
        bool isValue
    )
    {
        int layer = operation.Layer!.Value;
        int context = plan.Conditions.ContextTokens[sequence];
        int span = plan.Model.Layers[layer].Attention.SpanTokens(context);
        var synthetic = new SyntheticKv(Seed, layer, plan.KvLayoutOf(layer));
        int dimension = synthetic.Layout.HeadDimension;
        var result = new double[span * dimension];
        for (int i = 0; i < span - 1; i++)
        {
            synthetic.DecodeHead(
                sequence,
                context - span + i,
                kvHead,
                isValue,
                result.AsSpan(i * dimension, dimension)
            );
        }

        (byte[] codes, ushort scaleBits) = state.Appended(sequence, kvHead, isValue);
        KvCodec.Decode(
            synthetic.Layout.Format,
            codes,
            synthetic.LayerScale(isValue),
            scaleBits,
            result.AsSpan((span - 1) * dimension, dimension)
        );
        return result;
    }
}
