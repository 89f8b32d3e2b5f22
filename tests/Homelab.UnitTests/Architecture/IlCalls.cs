using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Homelab.UnitTests.Architecture;

/// <summary>Reads from compiled code which method calls which: what the code does, not what the source seems to say.</summary>
internal static class IlCalls
{
    private static readonly OpCode[] s_oneByte = new OpCode[256];
    private static readonly OpCode[] s_twoByte = new OpCode[256];

    static IlCalls()
    {
        foreach (var field in typeof(OpCodes).GetFields())
        {
            if (field.GetValue(null) is not OpCode code) continue;
            var value = (ushort)code.Value;
            if (value < 0x100) s_oneByte[value] = code;
            else if ((value & 0xff00) == 0xfe00) s_twoByte[value & 0xff] = code;
        }
    }

    /// <summary>Every call, method pointer and virtual call in an assembly: caller type, caller method, called type, called method.</summary>
    internal static IEnumerable<(string CallerType, string CallerMethod, string Type, string Method)> Of(string assembly)
    {
        using var pe = new PEReader(File.OpenRead(assembly));
        var metadata = pe.GetMetadataReader();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0) continue;
            var caller = Name(metadata, method.GetDeclaringType());
            var body = pe.GetMethodBody(method.RelativeVirtualAddress).GetILReader();
            foreach (var token in CallTokens(body))
            {
                if (Called(metadata, token) is { } called) yield return (caller, metadata.GetString(method.Name), called.Type, called.Method);
            }
        }
    }

    private static List<EntityHandle> CallTokens(BlobReader il)
    {
        var tokens = new List<EntityHandle>();
        while (il.RemainingBytes > 0)
        {
            var first = il.ReadByte();
            var code = first == 0xfe ? s_twoByte[il.ReadByte()] : s_oneByte[first];
            switch (code.OperandType)
            {
                case OperandType.InlineMethod:
                    tokens.Add(System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(il.ReadInt32()));
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    il.ReadByte();
                    break;
                case OperandType.InlineVar:
                    il.ReadInt16();
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    il.ReadInt64();
                    break;
                case OperandType.InlineSwitch:
                    // Read first: the offset to add to is the one behind the count.
                    var cases = il.ReadInt32();
                    il.Offset += cases * sizeof(int);
                    break;
                default:
                    il.ReadInt32();
                    break;
            }
        }

        return tokens;
    }

    private static (string Type, string Method)? Called(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodSpecification:
                return Called(metadata, metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.MethodDefinition:
                var definition = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                return (Name(metadata, definition.GetDeclaringType()), metadata.GetString(definition.Name));
            case HandleKind.MemberReference:
                var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                return (Parent(metadata, member.Parent), metadata.GetString(member.Name));
            default:
                return null;
        }
    }

    private static string Parent(MetadataReader metadata, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => Name(metadata, (TypeReferenceHandle)parent),
        HandleKind.TypeDefinition => Name(metadata, (TypeDefinitionHandle)parent),
        HandleKind.TypeSpecification => Generic(metadata, (TypeSpecificationHandle)parent),
        _ => "",
    };

    private static string Generic(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return "";
        signature.ReadSignatureTypeCode();
        return Parent(metadata, signature.ReadTypeHandle());
    }

    private static string Name(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return Qualify(metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    private static string Name(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        // What the compiler makes of lambdas and async methods belongs to the type around it.
        var outer = type.GetDeclaringType();
        return outer.IsNil ? Qualify(metadata.GetString(type.Namespace), metadata.GetString(type.Name)) : Name(metadata, outer);
    }

    private static string Qualify(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";
}
