using System.Diagnostics;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Reference;

/// <summary>A step computed by <see cref="StepOracle"/> from end to end.</summary>
internal sealed class ReferenceSession(DecodeStepPlan plan, ulong seed, StepInputs inputs) : IDecodeSession
{
    private readonly StepOracle _oracle = new(plan, seed, inputs);
    private StepResults _results = new();

    public DecodeStepPlan Plan => plan;

    public ulong Seed => seed;

    public IReadOnlyList<int>? DistinctExperts { get; private set; }

    public StepInputs Inputs => inputs;

    public long AllocatedBytes => 2 * plan.Memory.ActivationBytes;

    public double RunStep() => Run(_results, default);

    public double RunStepByOperation(Span<double> operationSeconds) => Run(_results, operationSeconds);

    public void RunStepTraced(IStepTrace trace) => Run(new SharedTrace(_results, trace), default);

    public void PoisonStep() => _results = new StepResults();

    public void ShowResults(IStepTrace trace) => _results.ShowTo(trace, plan);

    public void Dispose() { }

    private double Run(IStepTrace trace, Span<double> operationSeconds)
    {
        long start = Stopwatch.GetTimestamp();
        var state = new StepState(plan, inputs);
        var distinctExperts = new int[plan.Layers];
        foreach (PlanOperation operation in plan.Operations)
        {
            long operationStart = Stopwatch.GetTimestamp();
            if (operation.Kind == OperationKind.KvAppend)
            {
                Append(operation, state, trace);
            }
            else
            {
                Compute(operation, state, trace);
            }

            if (operation.Kind == OperationKind.Route)
            {
                distinctExperts[operation.Layer!.Value] = CountExperts(operation, state);
                DistinctExperts = distinctExperts;
            }

            if (!operationSeconds.IsEmpty)
            {
                operationSeconds[operation.Index] = Stopwatch.GetElapsedTime(operationStart).TotalSeconds;
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void Compute(PlanOperation operation, StepState state, IStepTrace trace)
    {
        int[] sequences = [.. Enumerable.Range(0, state.Batch)];
        int[] elements = [.. Enumerable.Range(0, operation.OutputWidth)];
        var result = new double[sequences.Length * elements.Length];
        _oracle.Expect(operation, state, sequences, elements, result);
        state.Set(operation.Output, result);
        trace.OnOutput(operation, [.. result.Select(value => (float)value)]);
    }

    private static int CountExperts(PlanOperation route, StepState state) =>
        Enumerable
            .Range(0, state.Batch)
            .SelectMany(sequence => state.Row(StepBuffer.Routing, sequence)[..route.Slots].ToArray())
            .Distinct()
            .Count();

    private void Append(PlanOperation operation, StepState state, IStepTrace trace)
    {
        KvLayout layout = plan.KvLayoutOf(operation.Layer!.Value);
        for (int sequence = 0; sequence < state.Batch; sequence++)
        {
            for (int head = 0; head < layout.KvHeads; head++)
            {
                foreach (bool isValue in layout.IsLatent ? (bool[])[false] : [false, true])
                {
                    byte[] codes = _oracle.ExpectAppended(operation, state, sequence, head, isValue, out ushort scale);
                    state.SetAppended(sequence, head, isValue, codes, scale);
                    trace.OnKvAppended(operation, sequence, head, isValue, codes, scale);
                }
            }
        }
    }
}
