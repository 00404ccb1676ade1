using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>Operations that share a launch.</summary>
public sealed class FusionTests
{
    private const ulong Seed = 20_261_121;

    public static TheoryData<string, KvFormat> ModelsAndCaches
    {
        get
        {
            var cases = new TheoryData<string, KvFormat>();
            foreach (ModelShape model in TestArchitectures.All.Append(TestModels.Regular).Append(TestModels.Everything))
            {
                foreach (KvFormat format in FormatNames.AllKvFormats)
                {
                    cases.Add(model.Name, format);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(ModelsAndCaches))]
    public void FusedAndSeparateOperationsGiveTheSameBits(string model, KvFormat format) =>
        AssertSameBits(80, TestModels.Plan(TestModels.ByName(model), kv: format, contexts: [18, 3]));

    [Theory]
    [InlineData(75, "regular")]
    [InlineData(75, "gemma3-like")]
    [InlineData(75, "deepseek-like")]
    [InlineData(90, "regular")]
    [InlineData(90, "gemma3-like")]
    [InlineData(90, "deepseek-like")]
    public void FusedAndSeparateOperationsGiveTheSameBitsOnEveryArchitecture(int architecture, string model) =>
        AssertSameBits(architecture, TestModels.Plan(TestModels.ByName(model), contexts: [18]));

    private static void AssertSameBits(int architecture, DecodeStepPlan plan)
    {
        using CudaDevice device = Open(architecture);
        DecodeStepPlan onDevice = OnDevice(device, plan);
        using IDeviceModel model = device.LoadModel(onDevice, Seed, null, CancellationToken.None);
        StepBits fused = Run(device, model, onDevice, fuses: true);
        StepBits separate = Run(device, model, onDevice, fuses: false);
        Assert.True(fused.Launches < separate.Launches);
        Assert.Equal(onDevice.Operations.Length, separate.Shown.Count);
        Assert.Equal(separate.Shown, fused.Shown);
        Assert.Equal(separate.Logits, fused.Logits);
        Assert.Equal(separate.Hidden, fused.Hidden);
        Assert.Equal(separate.NewPages, fused.NewPages);
    }

    private static StepBits Run(CudaDevice device, IDeviceModel model, DecodeStepPlan plan, bool fuses)
    {
        device.FusesOperations = fuses;
        using var session = (CudaSession)model.OpenSession(plan, CancellationToken.None);
        var trace = new EveryOutput();
        session.RunStepTraced(trace);
        CudaStepMemory memory = session.Memory;
        memory.Rows(StepBuffer.Hidden).Poison();
        memory.Rows(StepBuffer.Logits).Poison();
        session.RunStep();
        return new StepBits(
            session.Launches,
            trace.Outputs,
            memory.Rows(StepBuffer.Logits).Read(),
            memory.Rows(StepBuffer.Hidden).Read(),
            [
                .. Enumerable
                    .Range(0, plan.Layers)
                    .SelectMany(layer => memory.Cache(layer).ReadPage(memory.Slots.NewToken(0).Block)),
            ]
        );
    }

    private static CudaDevice Open(int architecture)
    {
        var backend = new EmulatorBackend(architecture);
        return (CudaDevice)backend.Open(backend.FindDevices()[0].Id);
    }

    private static DecodeStepPlan OnDevice(CudaDevice device, DecodeStepPlan plan) =>
        DecodeStepPlan.Create(
            plan.Model,
            plan.Conditions with
            {
                Formats = plan.Conditions.Formats with { Activations = device.Activations },
            },
            plan.Layers
        );

    private sealed record StepBits(
        int Launches,
        Dictionary<string, byte[]> Shown,
        float[] Logits,
        float[] Hidden,
        byte[] NewPages
    );

    /// <summary>What every operation of every layer gave.</summary>
    private sealed class EveryOutput : IStepTrace
    {
        public Dictionary<string, byte[]> Outputs { get; } = [];

        public void OnOutput(PlanOperation operation, ReadOnlySpan<float> values) =>
            Outputs.Add($"{operation.Index} {operation.Name}", MemoryMarshal.AsBytes(values).ToArray());

        public void OnKvAppended(
            PlanOperation operation,
            int sequence,
            int head,
            bool isValue,
            ReadOnlySpan<byte> codes,
            ushort scaleBits
        )
        {
            string name = $"{operation.Index} {operation.Name}";
            byte[] before = Outputs.GetValueOrDefault(name, []);
            Outputs[name] = [.. before, .. codes, (byte)scaleBits, (byte)(scaleBits >> 8)];
        }
    }
}
