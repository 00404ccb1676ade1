using System.Text.Json;

namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>What is known of sensors' behaviour, from the embedded <c>sensors.json</c>, for devices where no run measured it.</summary>
public static class SensorCatalogue
{
    private const string Resource = "GpuDecodeBench.Measurement.Telemetry.Data.sensors.json";

    /// <summary>Windows of a source that nobody measured: cautious, so that nothing of another load is counted.</summary>
    private const double UnknownWindowSeconds = 1;

    private const double UnknownSettleSeconds = 1.2;

    private static readonly SensorFile s_file = Load();

    /// <summary>The energy that moving a bit in memory takes as it is commonly given, in pJ.</summary>
    public static double MemoryPicojoulesPerBit => s_file.MemoryEnergy.PicojoulesPerBit;

    /// <summary>Which memory that is, and who gives it.</summary>
    public static string MemoryEnergyOrigin => $"{s_file.MemoryEnergy.Memory}: {s_file.MemoryEnergy.Origin}";

    /// <summary>The behaviour to assume.</summary>
    /// <param name="source">The source's name; a replay's is that of the source that was recorded.</param>
    /// <param name="deviceName">The device's name.</param>
    /// <param name="updateSeconds">How often the source says that its sensors have something new, in seconds.</param>
    public static SensorBehaviour Find(string source, string deviceName, double updateSeconds)
    {
        SensorEntry? entry = s_file.Sensors.FirstOrDefault(candidate =>
            string.Equals(candidate.Source, source, StringComparison.Ordinal)
            && (candidate.Words.Count == 0 || candidate.Words.Any(word => StandsIn(deviceName, word)))
        );
        double update = double.IsFinite(updateSeconds) && updateSeconds > 0 ? updateSeconds : 0.1;
        return entry is null
            ? new SensorBehaviour
            {
                UpdateSeconds = update,
                InstantWindowSeconds = update,
                AverageWindowSeconds = UnknownWindowSeconds,
                CounterUpdateSeconds = update,
                SettleSeconds = UnknownSettleSeconds,
                Origin =
                    $"nothing is known of {source} sensors: the source's own update period, and windows of up to a second",
            }
            : new SensorBehaviour
            {
                UpdateSeconds = entry.UpdateSeconds,
                InstantWindowSeconds = entry.InstantWindowSeconds,
                AverageWindowSeconds = entry.AverageWindowSeconds,
                CounterUpdateSeconds = entry.CounterUpdateSeconds,
                SettleSeconds = entry.SettleSeconds,
                Origin = $"{entry.Name}: {entry.Origin}",
            };
    }

    /// <summary>Whether a name has a word as one of its own: an A1000 is no A100.</summary>
    private static bool StandsIn(string name, string word)
    {
        bool mayGoOn = word.EndsWith('*');
        string text = word.TrimEnd('*');
        for (
            int at = name.IndexOf(text, StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = name.IndexOf(text, at + 1, StringComparison.OrdinalIgnoreCase)
        )
        {
            int end = at + text.Length;
            bool begins = at == 0 || !char.IsLetterOrDigit(name[at - 1]);
            if (begins && (mayGoOn || end == name.Length || !char.IsLetterOrDigit(name[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static SensorFile Load()
    {
        using Stream stream =
            typeof(SensorCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks {Resource}.");
        return JsonSerializer.Deserialize(stream, SensorJson.Strict.SensorFile)!;
    }
}
