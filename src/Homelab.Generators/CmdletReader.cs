using Microsoft.CodeAnalysis;

namespace Homelab.Generators;

/// <summary>Reads a line of the table, and the operation that it names, from the compiler's symbols.</summary>
internal static class CmdletReader
{
    private const string Core = "Homelab";

    internal static CmdletModel? Read(INamedTypeSymbol cmdlet, AttributeData line)
    {
        // What does not compile yet is reported by the compiler itself.
        if (line.AttributeClass?.TypeArguments is not [INamedTypeSymbol operation]) return null;
        if (line.ConstructorArguments is not [{ Value: string verb }, { Value: string noun }]) return null;
        if (BaseOf(operation) is not { } shape || AttributeOf(operation, "OperationAttribute") is not { ConstructorArguments: [{ Value: string name }, _, { Value: int risk }] }) return null;

        var input = (INamedTypeSymbol)shape.TypeArguments[0];
        return new CmdletModel(
            cmdlet.ContainingNamespace.ToDisplayString(),
            cmdlet.Name,
            verb,
            noun,
            name,
            (OperationRisk)risk,
            Full(input),
            Full(shape.TypeArguments[1]),
            shape.TypeArguments[1].AllInterfaces.Any(static i => i.Name == "IVerdict" && IsCore(i)),
            new EquatableList<ParameterModel>([.. PropertiesOf(input).Select(ReadParameter)]));
    }

    private static INamedTypeSymbol? BaseOf(INamedTypeSymbol operation)
    {
        for (var type = operation.BaseType; type is not null; type = type.BaseType)
        {
            if (type is { Name: "Query" or "Change", TypeArguments.Length: 2 } && IsCore(type)) return type;
        }

        return null;
    }

    private static IEnumerable<IPropertySymbol> PropertiesOf(INamedTypeSymbol input) =>
        input.GetMembers().OfType<IPropertySymbol>().Where(static p => p is { DeclaredAccessibility: Accessibility.Public, IsStatic: false, SetMethod: not null });

    private static ParameterModel ReadParameter(IPropertySymbol property)
    {
        var type = property.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : property.Type.WithNullableAnnotation(NullableAnnotation.None);
        return new ParameterModel(
            property.Name,
            Full(type),
            ShapeOf(property, type),
            property.IsRequired,
            AttributeOf(property, "SubjectAttribute") is not null,
            AttributeOf(property, "NameOfAttribute") is { ConstructorArguments: [{ Value: string kind }] } ? kind : KindOf(type));
    }

    private static string KindOf(ITypeSymbol type) => type.Name switch
    {
        "ContainerRef" => "container",
        "VmRef" => "vm",
        "UnitRef" => "unit",
        "StackRef" => "stack",
        _ => "",
    };

    private static ParameterShape ShapeOf(IPropertySymbol property, ITypeSymbol type) => type switch
    {
        // Three answers do not fit a switch: a boolean that may be absent is a value.
        { SpecialType: SpecialType.System_Boolean } when property.Type.NullableAnnotation != NullableAnnotation.Annotated => ParameterShape.Switch,
        { Name: "TimeSpan" } => ParameterShape.Duration,
        { SpecialType: SpecialType.System_Int64 } when AttributeOf(property, "BytesAttribute") is not null => ParameterShape.Bytes,
        { IsValueType: true } => ParameterShape.Value,
        INamedTypeSymbol { Name: "IReadOnlyList" } => ParameterShape.List,
        _ when type.Name == "SecretReference" && IsCore(type) => ParameterShape.Secret,
        _ when type.Name.EndsWith("Ref", StringComparison.Ordinal) && IsCore(type) => ParameterShape.Reference,
        _ => ParameterShape.Plain,
    };

    private static AttributeData? AttributeOf(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass is { } type && type.Name == name && IsCore(type));

    private static bool IsCore(ITypeSymbol type) => type.ContainingNamespace.ToDisplayString() == Core;

    private static string Full(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
