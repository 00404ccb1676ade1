using System.Text.Json.Serialization.Metadata;

namespace GpuDecodeBench.Records.Tests;

/// <summary>The object types that a run record is made of, from the serialiser's own metadata.</summary>
internal static class RecordTypes
{
    /// <summary>All of them, the record itself first.</summary>
    public static IReadOnlyList<JsonTypeInfo> All()
    {
        var found = new List<JsonTypeInfo>();
        var pending = new Queue<Type>([typeof(RunRecord)]);
        var seen = new HashSet<Type>();
        while (pending.TryDequeue(out Type? type))
        {
            if (!seen.Add(type))
            {
                continue;
            }

            JsonTypeInfo info = RecordJson.Strict.Options.GetTypeInfo(type);
            if (info.Kind == JsonTypeInfoKind.Object)
            {
                found.Add(info);
            }

            foreach (JsonPropertyInfo property in info.Properties.Where(property => !property.IsExtensionData))
            {
                pending.Enqueue(property.PropertyType);
            }

            if (info.ElementType is Type element)
            {
                pending.Enqueue(element);
            }
        }

        return found;
    }
}
