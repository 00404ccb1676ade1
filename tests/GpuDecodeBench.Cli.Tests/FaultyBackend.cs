using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>A backend like the reference, except that one operation of one layer is slightly wrong, or reads too much.</summary>
/// <param name="onlyAtContext">The only context of the first sequence at which it is wrong; null: at every one.</param>
/// <param name="isWasteful">Whether results are right, and the operation reads more than its plan has.</param>
/// <param name="onLoad">Called when a model is loaded: what goes wrong elsewhere meanwhile.</param>
internal sealed class FaultyBackend(int? onlyAtContext = null, bool isWasteful = false, Action? onLoad = null)
    : IDecodeBackend
{
    public string Name => "faulty";

    public IReadOnlyList<DeviceDescription> FindDevices() =>
        [
            new DeviceDescription
            {
                Id = "faulty",
                Name = "faulty device",
                Backend = "faulty",
            },
        ];

    public IDecodeDevice Open(string deviceId) => new Device(onlyAtContext, isWasteful, onLoad);

    private sealed class Device(int? onlyAtContext, bool isWasteful, Action? onLoad) : IDecodeDevice
    {
        private readonly ReferenceDevice _inner = new();

        public DeviceDescription Description => new FaultyBackend().FindDevices()[0];

        public ActivationFormat Activations => ActivationFormat.Fp32;

        public long? AvailableBytes => null;

        public DeviceCeilings MeasureCeilings(TimeSpan limit, CancellationToken cancellation) => new();

        public double? ReadOnceBytesPerSecond() => null;

        public IDeviceModel LoadModel(
            DecodeStepPlan plan,
            ulong seed,
            IProgress<double>? progress,
            CancellationToken cancellation
        )
        {
            onLoad?.Invoke();
            return new Model(_inner.LoadModel(plan, seed, progress, cancellation), onlyAtContext, isWasteful);
        }

        public void Dispose() => _inner.Dispose();
    }

    private sealed class Model(IDeviceModel inner, int? onlyAtContext, bool isWasteful) : IDeviceModel
    {
        public long AllocatedBytes => inner.AllocatedBytes;

        public ulong Seed => inner.Seed;

        public IDecodeSession OpenSession(DecodeStepPlan plan, StepInputs inputs, CancellationToken cancellation) =>
            new Session(inner.OpenSession(plan, inputs, cancellation), onlyAtContext, isWasteful);

        public void Dispose() => inner.Dispose();
    }

    private sealed class Session(IDecodeSession inner, int? onlyAtContext, bool isWasteful) : IDecodeSession
    {
        public DecodeStepPlan Plan => inner.Plan;

        public ulong Seed => inner.Seed;

        public StepInputs Inputs => inner.Inputs;

        public long AllocatedBytes => inner.AllocatedBytes;

        public IReadOnlyList<int>? DistinctExperts => inner.DistinctExperts;

        public IReadOnlyList<OperationTraffic>? Traffic =>
            isWasteful ? [.. Plan.Operations.Select(operation => TrafficOf(operation))] : null;

        public double RunStep() => inner.RunStep();

        public double RunStepByOperation(Span<double> operationSeconds) => inner.RunStepByOperation(operationSeconds);

        public void RunStepTraced(IStepTrace trace)
        {
            bool isWrong = !isWasteful && (onlyAtContext is null || Plan.Conditions.ContextTokens[0] == onlyAtContext);
            inner.RunStepTraced(isWrong ? new Trace(trace) : trace);
        }

        public void PoisonStep() => inner.PoisonStep();

        public void ShowResults(IStepTrace trace) => inner.ShowResults(trace);

        public void Dispose() => inner.Dispose();

        private static OperationTraffic TrafficOf(PlanOperation operation) =>
            new()
            {
                Operation = operation,
                WeightReadBytes =
                    operation.WeightReadBytes * (operation is { Name: "o_proj", Layer: 1 } ? 101 : 100) / 100,
                KvReadBytes = operation.KvReadBytes,
            };
    }

    private sealed class Trace(IStepTrace inner) : IStepTrace
    {
        public void OnOutput(PlanOperation operation, ReadOnlySpan<float> values)
        {
            float[] copy = values.ToArray();
            if (operation is { Name: "o_proj", Layer: 1 })
            {
                copy[^1] += 0.01f;
            }

            inner.OnOutput(operation, copy);
        }

        public void OnKvAppended(
            PlanOperation operation,
            int sequence,
            int head,
            bool isValue,
            ReadOnlySpan<byte> codes,
            ushort scaleBits
        ) => inner.OnKvAppended(operation, sequence, head, isValue, codes, scaleBits);
    }
}
