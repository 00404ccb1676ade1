using GpuDecodeBench.Backends;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>Makes the part of a run record that does not depend on its points.</summary>
internal static class RunRecordHead
{
    public static RunRecord Create(
        RunRequest request,
        IDecodeDevice device,
        EnvironmentInfo environment,
        DeviceCeilings ceilings,
        DateTimeOffset startedUtc
    ) =>
        new()
        {
            SchemaVersion = RunRecordStore.SchemaVersion,
            Tool = RunKernels.Tool(request.Tool, device.Description),
            StartedUtc = startedUtc,
            Command = request.Command,
            Environment = environment,
            Device = Device(device.Description),
            Ceilings = new CeilingSet
            {
                ReadBytesPerSecond = Ceiling(ceilings.ReadBytesPerSecond, ceilings.ReadMethod),
                CopyBytesPerSecond = Ceiling(ceilings.CopyBytesPerSecond, "bytes read plus bytes written"),
                WriteBytesPerSecond = Ceiling(ceilings.WriteBytesPerSecond, "bytes written"),
                FlopsPerSecond = Ceiling(ceilings.FlopsPerSecond, ceilings.FlopsMethod),
            },
            Model = Model(request.Model),
            Seed = request.Seed,
            Preset = request.Preset.Name,
            Price = request.Price,
            Points = [],
            Notes = RunKernels.Notes(device.Description),
        };

    private static Figure Ceiling(double? value, string? method) =>
        value is double measured ? Figure.Measured(measured, method) : Figure.Unavailable("notMeasured");

    private static DeviceInfo Device(DeviceDescription device) =>
        new()
        {
            Id = device.Id,
            Name = device.Name,
            Backend = device.Backend,
            Detail = device.Detail,
            MemoryBytes = device.MemoryBytes,
            LastLevelCacheBytes = device.LastLevelCacheBytes,
            Specification = HardwareCatalogue.MatchDevice(device.Name)?.ToSpecification(),
        };

    private static ModelInfo Model(ModelShape model) =>
        new()
        {
            Name = model.Name,
            Architecture = model.Architecture.ToString().ToLowerInvariant(),
            Source = model.Source,
            Layers = model.Layers.Length,
            HiddenSize = model.HiddenSize,
            VocabularySize = model.VocabularySize,
            Parameters = ModelParameters.Count(model),
            PublishedParameters = model.PublishedParameters,
            MaxContextTokens = model.MaxContextTokens,
        };
}
