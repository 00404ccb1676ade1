using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Planted;

/// <summary>
/// A real session with a faulty kernel: up to the fault the real one's results; there the faulty one's; after it what right
/// kernels make of the faulty values, as on a device. A fault that shows nothing, or not the right number of values, leaves the
/// values on the device right.
/// </summary>
internal sealed class PlantedSession(IDecodeSession inner, Fault fault) : IDecodeSession
{
    public DecodeStepPlan Plan => inner.Plan;

    public ulong Seed => inner.Seed;

    public StepInputs Inputs => inner.Inputs;

    public long AllocatedBytes => inner.AllocatedBytes;

    public IReadOnlyList<int>? DistinctExperts => inner.DistinctExperts;

    public double RunStep() => inner.RunStep();

    public double RunStepByOperation(Span<double> operationSeconds) => inner.RunStepByOperation(operationSeconds);

    public void RunStepTraced(IStepTrace trace) => inner.RunStepTraced(new PlantedTrace(inner, fault, trace));

    public void PoisonStep() => inner.PoisonStep();

    public void ShowResults(IStepTrace trace) => inner.ShowResults(trace);

    public void Dispose() => inner.Dispose();

    private sealed class PlantedTrace(IDecodeSession session, Fault fault, IStepTrace target) : IStepTrace
    {
        private readonly StepOracle _oracle = new(session.Plan, session.Seed, session.Inputs);
        private readonly StepState _state = new(session.Plan, session.Inputs);
        private readonly Dictionary<(string Name, int? Layer), float[]> _earlier = [];
        private bool _spread;

        public void OnOutput(PlanOperation operation, ReadOnlySpan<float> values)
        {
            FaultContext context = Context(operation);
            float[] right = _spread ? context.Expected() : values.ToArray();
            float[]? shown = operation.Index == fault.Operation ? fault.Output(context, [.. right]) : right;
            if (shown is not null)
            {
                target.OnOutput(operation, shown);
            }

            bool isWhole = shown?.Length == right.Length && (operation.Index != fault.Operation || fault.Spreads);
            _spread |= isWhole && !shown!.SequenceEqual(right);
            _state.Set(operation.Output, isWhole ? shown : right);
            _earlier[(operation.Name, operation.Layer)] = right;
        }

        public void OnKvAppended(
            PlanOperation operation,
            int sequence,
            int head,
            bool isValue,
            ReadOnlySpan<byte> codes,
            ushort scaleBits
        )
        {
            FaultContext context = Context(operation);
            AppendedHead right =
                _spread && operation.Index != fault.Operation
                    ? context.ExpectedHead(sequence, head, isValue)
                    : new AppendedHead(sequence, head, isValue, codes.ToArray(), scaleBits);
            AppendedHead? shown =
                operation.Index == fault.Operation
                    ? fault.Append(context, right with { Codes = [.. right.Codes] })
                    : right;
            if (shown is { } given)
            {
                target.OnKvAppended(operation, sequence, head, isValue, given.Codes, given.ScaleBits);
                _spread |= !given.Codes.SequenceEqual(right.Codes) || given.ScaleBits != right.ScaleBits;
            }

            AppendedHead kept = shown ?? right;
            _state.SetAppended(sequence, head, isValue, kept.Codes, kept.ScaleBits);
        }

        private FaultContext Context(PlanOperation operation) => new(operation, _oracle, _state, _earlier);
    }
}
