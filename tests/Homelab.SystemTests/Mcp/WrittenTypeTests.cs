using System.Text.Json.Serialization.Metadata;
using Homelab.Host.Mcp;
using Homelab.UnitTests.Composition;

namespace Homelab.SystemTests.Mcp;

public sealed class WrittenTypeTests
{
    [Fact]
    public void It_says_of_every_type_that_an_operation_gives_back_what_the_serialiser_says()
    {
        var seen = new HashSet<Type>();
        var left = new Queue<Type>(CatalogBench.Catalog.All.Select(static o => o.Descriptor.ResultType));
        while (left.TryDequeue(out var type))
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type.IsEnum || !seen.Add(type)) continue;
            var (serialiser, ours) = (HomelabJson.Options.GetTypeInfo(type), WrittenType.Of(type));
            var kind = serialiser.Kind switch
            {
                JsonTypeInfoKind.Object => WrittenKind.Record,
                JsonTypeInfoKind.Enumerable => WrittenKind.List,
                JsonTypeInfoKind.Dictionary => WrittenKind.Words,
                _ => WrittenKind.OwnWay,
            };
            // What the schema writes by itself, before it asks.
            if (type == typeof(DateTimeOffset) || type == typeof(Guid) || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(DateTime) || type == typeof(decimal)) continue;
            Assert.Equal((type, kind, serialiser.ElementType), (type, ours.Kind, ours.Element));
            if (kind == WrittenKind.Record)
            {
                var fields = serialiser.Properties.Where(static p => p.Get is not null).ToArray();
                Assert.Equal(fields.Select(p => (type, p.Name, p.PropertyType, p.IsGetNullable)), ours.Fields.Select(f => (type, f.Name, f.Type, f.MayBeNull)));
                foreach (var field in fields) left.Enqueue(field.PropertyType);
            }
            else if (ours.Element is { } element)
            {
                left.Enqueue(element);
            }
        }

        Assert.InRange(seen.Count, 100, 1000);
    }
}
