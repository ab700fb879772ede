//! Metering: a hard bound on the work of one call, part of the component itself.
//!
//! A counter is set when a call from outside enters, and taken down by one at the head of every loop and at the entry of
//! every function that can call itself, directly or over others. At zero the instance traps. Straight code in between is
//! finite, so every call ends, and always at the same place for the same input, on every machine.
//!
//! On the way there whoever runs the instance may end it earlier: every so often it asks for more memory than addresses
//! reach, which no host can give. A host that looks after the memory of its instances hears of it, and may answer with
//! the end of the call (host/engine/src/bounds.rs); to all others it is a request that fails. Loops that call nothing and
//! hold no other loop do not ask: a call in them, even one that is hardly ever made, would take registers from them.
//!
//! Functions whose work is counted elsewhere go without: tree-sitter's own library asks our parser every hundred steps
//! whether it may go on (components/parser/src/work.rs), and its loops are the hottest of all.

use std::collections::BTreeSet;

use petgraph::{algo::tarjan_scc, graphmap::DiGraphMap};
use walrus::{
    ConstExpr, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId, InstrSeqBuilder, LocalFunction, Module,
    ValType,
    ir::{BinaryOp, Instr, InstrSeqId, Loop, UnaryOp, Value, Visitor, dfs_in_order},
};

/// Work of one call, in loop rounds and recursive calls: far more than an honest call takes, and still an end. The
/// parser counts its own, tighter bound for each file (components/parser/src/parse.rs); this one holds for everything.
const WORK: i64 = 50_000_000_000;
/// Work after which is asked whether to go on: some milliseconds.
const SLICE: i64 = 1_000_000;
/// Pages of 64 KiB that no memory of 32-bit addresses can grow by.
const ALL_PAGES: i32 = 1 << 16;

/// Puts the counter into every function but those with these names.
pub fn meter(module: &mut Module, counted_elsewhere: &BTreeSet<String>) {
    let mut global = |value| module.globals.add_local(ValType::I64, true, false, ConstExpr::Value(Value::I64(value)));
    let counters = Counters { left: global(WORK), next: global(WORK - SLICE) };
    let ask = asking(module, counters);
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
    let functions: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).filter(|id| *id != ask).collect();
    for id in functions {
        if module.funcs.get(id).name.as_ref().is_some_and(|name| counted_elsewhere.contains(name)) {
            continue;
        }
        let FunctionKind::Local(function) = &mut module.funcs.get_mut(id).kind else { continue };
        for body in loop_bodies(function) {
            if is_tight(function, body) {
                take_one(function, body, counters);
            } else {
                take_one_or_ask(function, body, counters, ask);
            }
        }
        if recursive.contains(&id) {
            let entry = function.entry_block();
            take_one_or_ask(function, entry, counters, ask);
        }
        if entries.contains(&id) {
            let mut entry = function.builder_mut().func_body();
            entry
                .const_at(0, Value::I64(WORK))
                .global_set_at(1, counters.left)
                .const_at(2, Value::I64(WORK - SLICE))
                .global_set_at(3, counters.next);
        }
    }
}

/// What is counted with.
#[derive(Clone, Copy)]
struct Counters {
    /// Work that is left.
    left: GlobalId,
    /// Where that comes down to this, is asked whether to go on.
    next: GlobalId,
}

/// `if left == 0 { trap }; memory.grow(ALL_PAGES); next = max(left - SLICE, 0)`
fn asking(module: &mut Module, counters: Counters) -> FunctionId {
    let memory = module.memories.iter().next().map(|memory| memory.id());
    let mut ask = FunctionBuilder::new(&mut module.types, &[], &[]);
    let mut code = ask.func_body();
    code.global_get(counters.left).unop(UnaryOp::I64Eqz).if_else(
        None,
        |exhausted| {
            exhausted.unreachable();
        },
        |_| {},
    );
    if let Some(memory) = memory {
        code.i32_const(ALL_PAGES).memory_grow(memory).drop();
    }
    code.global_get(counters.left).i64_const(SLICE).binop(BinaryOp::I64Sub);
    code.i64_const(0);
    code.global_get(counters.left).i64_const(SLICE).binop(BinaryOp::I64GtU);
    code.select(None).global_set(counters.next);
    ask.finish(vec![], &mut module.funcs)
}

/// `if left == 0 { trap }; left -= 1`
fn take_one(function: &mut LocalFunction, place: InstrSeqId, counters: Counters) {
    let mut code: InstrSeqBuilder<'_> = function.builder_mut().instr_seq(place);
    code.global_get_at(0, counters.left).unop_at(1, UnaryOp::I64Eqz).if_else_at(
        2,
        None,
        |exhausted| {
            exhausted.unreachable();
        },
        |_| {},
    );
    subtract_one(&mut code, 3, counters);
}

/// `if left <= next { ask }; left -= 1`
fn take_one_or_ask(function: &mut LocalFunction, place: InstrSeqId, counters: Counters, ask: FunctionId) {
    let mut code: InstrSeqBuilder<'_> = function.builder_mut().instr_seq(place);
    code.global_get_at(0, counters.left).global_get_at(1, counters.next).binop_at(2, BinaryOp::I64LeU).if_else_at(
        3,
        None,
        |due| {
            due.call(ask);
        },
        |_| {},
    );
    subtract_one(&mut code, 4, counters);
}

fn subtract_one(code: &mut InstrSeqBuilder<'_>, at: usize, counters: Counters) {
    code.global_get_at(at, counters.left)
        .const_at(at + 1, Value::I64(1))
        .binop_at(at + 2, BinaryOp::I64Sub)
        .global_set_at(at + 3, counters.left);
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

/// Whether a loop calls nothing and holds no other loop.
fn is_tight(function: &LocalFunction, body: InstrSeqId) -> bool {
    struct Found(bool);
    impl<'a> Visitor<'a> for Found {
        fn visit_instr(&mut self, instruction: &Instr, _: &walrus::ir::InstrLocId) {
            self.0 |= matches!(
                instruction,
                Instr::Call(_)
                    | Instr::CallIndirect(_)
                    | Instr::ReturnCall(_)
                    | Instr::ReturnCallIndirect(_)
                    | Instr::Loop(_)
            );
        }
    }
    let mut found = Found(false);
    dfs_in_order(&mut found, function, body);
    !found.0
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
