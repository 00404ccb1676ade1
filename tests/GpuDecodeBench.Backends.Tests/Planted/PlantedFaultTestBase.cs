using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Planted;

/// <summary>A real session of a model with every kind of operation, in which faults are planted.</summary>
public abstract class PlantedFaultTestBase : IDisposable
{
    protected const ulong Seed = 20_261_120;
    private readonly IDecodeDevice _device = new CpuBackend(new TestHost(), threads: 1).Open(CpuBackend.BackendName);

    /// <summary>Two layers with biases, head norms, a window and tied embeddings, for three sequences.</summary>
    private protected static DecodeStepPlan SmallPlan { get; } =
        TestModels.Plan(TestModels.Everything, contexts: [50, 3, 97]);

    public void Dispose()
    {
        _device.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The places of all operations that show an output: every one but those that append to the cache.</summary>
    public static TheoryData<int> Outputs =>
        [
            .. SmallPlan
                .Operations.Where(operation => operation.Kind != OperationKind.KvAppend)
                .Select(operation => operation.Index),
        ];

    public static TheoryData<int> AllOperations => [.. Enumerable.Range(0, SmallPlan.Operations.Length)];

    public static TheoryData<KvFormat> KvFormats => [.. FormatNames.AllKvFormats];

    private protected StepCheckResult Check(DecodeStepPlan plan, CheckSelection selection, Fault fault)
    {
        using IDeviceModel model = _device.LoadModel(plan, Seed, null, CancellationToken.None);
        using IDecodeSession session = model.OpenSession(plan, CancellationToken.None);
        return StepChecker.Check(new PlantedSession(session, fault), selection);
    }

    /// <summary>The fault's operation is found, by its layer, and no other is blamed.</summary>
    private protected string AssertOnlyBlames(DecodeStepPlan plan, Fault fault, CheckSelection? selection = null)
    {
        PlanOperation operation = plan.Operations[fault.Operation];
        StepCheckResult result = Check(plan, selection ?? CheckSelection.Everything, fault);
        Assert.Equal([operation.Name], result.Operations.Where(check => !check.Passed).Select(check => check.Name));
        Assert.Equal(plan.Operations.Select(o => o.Name).Distinct(), result.Operations.Select(check => check.Name));
        string failure = result.Worst.Failure!;
        Assert.StartsWith(
            operation.Layer is int layer ? $"{operation.Name} of layer {layer}" : operation.Name,
            failure,
            StringComparison.Ordinal
        );
        return failure;
    }

    /// <summary>One element of one sequence moved by a part of that sequence's root mean square.</summary>
    private protected static float[] Nudge(float[] values, int length, int sequence, int element, double part)
    {
        Span<float> row = values.AsSpan(sequence * length, length);
        double squares = 0;
        foreach (float value in row)
        {
            squares += (double)value * value;
        }

        row[element] += (float)(part * Math.Sqrt(squares / length));
        return values;
    }
}
