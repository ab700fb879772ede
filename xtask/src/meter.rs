//! Metering: a hard bound on the work of one call, part of the component itself.
//!
//! A counter is set when a call from outside enters, and taken down by one at the head of every loop and at the entry of
//! every function that can call itself, directly or over others. At zero the instance traps. Straight code in between is
//! finite, so every call ends, and always at the same place for the same input, on every machine.
//!
//! Functions whose work is counted elsewhere go without: tree-sitter's own library asks our parser every hundred steps
//! whether it may go on (components/parser/src/parse.rs), and its loops are the hottest of all.

use std::collections::BTreeSet;

use petgraph::{algo::tarjan_scc, graphmap::DiGraphMap};
use walrus::{
    ConstExpr, ExportItem, FunctionId, FunctionKind, GlobalId, InstrSeqBuilder, LocalFunction, Module, ValType,
    ir::{BinaryOp, Instr, InstrSeqId, Loop, UnaryOp, Value, Visitor, dfs_in_order},
};

/// Work of one call, in loop rounds and recursive calls: far more than an honest call takes, and still an end. The
/// parser counts its own, tighter bound for each file (components/parser/src/parse.rs); this one holds for everything.
const WORK: i64 = 50_000_000_000;

/// Puts the counter into every function but those with these names.
pub fn meter(module: &mut Module, counted_elsewhere: &BTreeSet<String>) {
    let counter = module.globals.add_local(ValType::I64, true, false, ConstExpr::Value(Value::I64(WORK)));
    let recursive = recursive_functions(module);
    let entries: Vec<FunctionId> = module
        .exports
        .iter()
        // The canonical ABI names an exported function `package/interface@version#function`.
        .filter(|export| export.name.contains('#') && !export.name.starts_with("cabi_post_"))
        .filter_map(|export| match export.item {
            ExportItem::Function(function) => Some(function),
            _ => None,
        })
        .collect();
    let functions: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    for id in functions {
        if module.funcs.get(id).name.as_ref().is_some_and(|name| counted_elsewhere.contains(name)) {
            continue;
        }
        let FunctionKind::Local(function) = &mut module.funcs.get_mut(id).kind else { continue };
        for body in loop_bodies(function) {
            take_one(function, body, counter);
        }
        if recursive.contains(&id) {
            let entry = function.entry_block();
            take_one(function, entry, counter);
        }
        if entries.contains(&id) {
            let mut entry = function.builder_mut().func_body();
            entry.const_at(0, Value::I64(WORK)).global_set_at(1, counter);
        }
    }
}

/// `if counter == 0 { trap }; counter -= 1`
fn take_one(function: &mut LocalFunction, place: InstrSeqId, counter: GlobalId) {
    let mut code: InstrSeqBuilder<'_> = function.builder_mut().instr_seq(place);
    code.global_get_at(0, counter)
        .unop_at(1, UnaryOp::I64Eqz)
        .if_else_at(
            2,
            None,
            |exhausted| {
                exhausted.unreachable();
            },
            |_| {},
        )
        .global_get_at(3, counter)
        .const_at(4, Value::I64(1))
        .binop_at(5, BinaryOp::I64Sub)
        .global_set_at(6, counter);
}

fn loop_bodies(function: &LocalFunction) -> Vec<InstrSeqId> {
    struct Loops(Vec<InstrSeqId>);
    impl<'a> Visitor<'a> for Loops {
        fn visit_loop(&mut self, instruction: &Loop) {
            self.0.push(instruction.seq);
        }
    }
    let mut loops = Loops(vec![]);
    dfs_in_order(&mut loops, function, function.entry_block());
    loops.0
}

/// Functions on a cycle of the call graph. A call through the table may reach every function of that type in it.
fn recursive_functions(module: &Module) -> Vec<FunctionId> {
    let in_table: Vec<FunctionId> = module
        .elements
        .iter()
        .flat_map(|element| match &element.items {
            walrus::ElementItems::Functions(functions) => functions.clone(),
            walrus::ElementItems::Expressions(..) => vec![],
        })
        .collect();
    let mut calls = DiGraphMap::<usize, ()>::new();
    for (id, function) in module.funcs.iter_local() {
        let mut callees = Callees { module, in_table: &in_table, found: vec![] };
        dfs_in_order(&mut callees, function, function.entry_block());
        for callee in callees.found {
            calls.add_edge(id.index(), callee.index(), ());
        }
    }
    let on_cycle: Vec<usize> = tarjan_scc(&calls)
        .into_iter()
        .filter(|part| part.len() > 1 || part.iter().any(|&node| calls.contains_edge(node, node)))
        .flatten()
        .collect();
    module.funcs.iter().map(|function| function.id()).filter(|id| on_cycle.contains(&id.index())).collect()
}

struct Callees<'a> {
    module: &'a Module,
    in_table: &'a [FunctionId],
    found: Vec<FunctionId>,
}

impl<'a> Visitor<'a> for Callees<'a> {
    fn visit_instr(&mut self, instruction: &Instr, _: &walrus::ir::InstrLocId) {
        match instruction {
            Instr::Call(call) => self.found.push(call.func),
            Instr::ReturnCall(call) => self.found.push(call.func),
            Instr::CallIndirect(call) => {
                let module = self.module;
                self.found.extend(self.in_table.iter().filter(|id| module.funcs.get(**id).ty() == call.ty));
            }
            _ => {}
        }
    }
}
